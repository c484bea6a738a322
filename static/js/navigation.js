import htmx from "../vendor/htmx.esm.min.js";

const STAGE = "[hx-history-elt]";

/** Goes back to the list that the page has, with no conversation open. */
export function visitList() {
  const list = document.querySelector("priority-queue") ? "/priority" : "/conversations";
  return load(list, { target: STAGE, select: STAGE, swap: "outerSync", push: "true" });
}

/** Asks for the list's rows anew, under the tab that is chosen. */
export function refreshList() {
  const rows = document.getElementById("conversation-rows");
  if (rows) return load(`/conversations?filter=${rows.dataset.filter}`, { target: "#conversation-rows", swap: "outerSync" });
}

/** Opens a conversation, or a place in one, beside the list. */
export function visit(path) {
  return load(path, { target: "#conversation", push: "true" });
}

/** What our own code puts into the page opens beside the rest as what htmx has put there does. */
export function enliven(node) {
  htmx.process(node);
}

/** Shows an open conversation's details beside it. */
export function loadDetails(conversationId) {
  return load(`/conversations/${conversationId}/details`, { target: "#details", headers: { "HX-Target": "aside#details" } });
}

/** Brings the settings in the open details up to date, and the sign of them in the conversation's header. */
export function refreshSettings(conversationId) {
  const shown = document.querySelector(`#conversation-settings[data-conversation-id="${CSS.escape(conversationId)}"]`);
  // With the details closed it is the sign alone, which comes beside what is asked for.
  const place = shown ? { target: "#conversation-settings", swap: "outerMorph" } : { target: "#expiry-mark", swap: "none" };
  return load(`/conversations/${conversationId}/settings`, place);
}

/** Brings what was bought up to date in the open details. */
export function refreshPurchases(conversationId) {
  const shown = document.querySelector(`#purchases[data-conversation-id="${CSS.escape(conversationId)}"]`);
  // Who is writing an objection is not interrupted: the server has the last word on it anyway.
  if (!shown || shown.contains(document.activeElement?.closest("textarea") ?? null)) return;
  load(`/conversations/${conversationId}/purchases`, { target: "#purchases", swap: "outerMorph" });
}

const load = (path, options) => htmx.ajax("GET", path, options);
