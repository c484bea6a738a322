import htmx from "../vendor/htmx.esm.min.js";

const STAGE = "[hx-history-elt]";

/** Opens a conversation at its end, as a click on its row does. */
export function visitConversation(conversationId) {
  const path = `/conversations/${conversationId}`;
  return load(path, { target: "#conversation", push: push(path), headers: { "HX-Target": "main#conversation" } });
}

/** Goes back to the list with no conversation open. */
export function visitList() {
  return load("/conversations", { target: STAGE, select: STAGE, swap: "outerSync", push: push("/conversations") });
}

/** Shows an open conversation's details beside it. */
export function loadDetails(conversationId) {
  return load(`/conversations/${conversationId}/details`, { target: "#details", headers: { "HX-Target": "aside#details" } });
}

const load = (path, options) => htmx.ajax("GET", path, options);

const push = (path) => String(location.pathname !== path);
