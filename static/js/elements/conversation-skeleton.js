import { element } from "../html.js";

const BUBBLES = ["them", "them", "me", "them", "me", "me"];

const bar = () => element("span", { class: "skeleton" });

/** A header and bubbles without words, laid over the pane while a slow conversation comes. */
export function conversationSkeleton() {
  return element("div", { class: "skeleton-conversation", "aria-hidden": "true" },
    element("div", { class: "pane-header" }, element("span", { class: "skeleton skeleton-avatar" }), bar()),
    element("div", { class: "messages" },
      ...BUBBLES.map((side) => element("div", { class: `skeleton-bubble skeleton-${side}` }, bar(), bar()))));
}
