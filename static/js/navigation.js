import htmx from "../vendor/htmx.esm.min.js";

const STAGE = "[hx-history-elt]";

/** Goes back to the list with no conversation open. */
export function visitList() {
  return load("/conversations", { target: STAGE, select: STAGE, swap: "outerSync", push: "true" });
}

/** Shows an open conversation's details beside it. */
export function loadDetails(conversationId) {
  return load(`/conversations/${conversationId}/details`, { target: "#details", headers: { "HX-Target": "aside#details" } });
}

const load = (path, options) => htmx.ajax("GET", path, options);
