import { element, parse, setAttribute } from "../../html.js";
import { text, viewerId } from "../../page.js";

/** What a bubble says about itself. */
export function factsOf(bubble) {
  const { messageId, senderId, position, version, clientMessageId } = bubble.dataset;
  return {
    id: messageId,
    senderId,
    position: Number(position),
    version: Number(version),
    clientMessageId: senderId === viewerId ? clientMessageId : undefined,
  };
}

/** The bubbles in a piece of the server's markup. */
export function bubblesIn(html) {
  return [...parse(html).querySelectorAll(".message")].map(markOwn);
}

/** A page of the history, or of changes: {bubbles, hasMore, version}. */
export function pageIn(html) {
  const list = parse(html).querySelector("[data-has-more]");
  return {
    bubbles: [...list.querySelectorAll(".message")].map(markOwn),
    hasMore: list.dataset.hasMore === "true",
    version: Number(list.dataset.version),
  };
}

/** Puts the sign of having been sent on one's own. */
export function markOwn(bubble) {
  if (bubble.dataset.senderId === viewerId && !bubble.dataset.state) bubble.dataset.state = "sent";
  return bubble;
}

/** Puts the sign of having been read on one's own, up to a position. */
export function markReadUpTo(list, position) {
  for (const bubble of list.querySelectorAll(`:scope > [data-state="sent"]`)) {
    if (Number(bubble.dataset.position) <= position) setAttribute(bubble, "data-status", "read");
  }
}

/** A bubble for an entry of the outbox, from the page's template. */
export function pendingBubble(entry) {
  const bubble = document.getElementById("pending-message").content.querySelector(".message").cloneNode(true);
  bubble.id = `pending-${entry.id}`;
  bubble.dataset.clientMessageId = entry.id;
  bubble.dataset.createdAt = entry.createdAt;
  for (const name of ["messageId", "position", "version"]) delete bubble.dataset[name];
  bubble.querySelector("[data-content]").textContent = entry.content;
  bubble.querySelector(".meta")?.removeAttribute("href");
  bubble.querySelector("local-time")?.setAttribute("datetime", entry.createdAt);
  return showOutboxState(bubble, entry);
}

/** Shows whether an entry still waits or has failed, and why. */
export function showOutboxState(bubble, { state, error, order }) {
  setAttribute(bubble, "data-state", state);
  setAttribute(bubble, "data-order", String(order));
  bubble.querySelector(".failed-actions")?.remove();
  if (state === "failed") bubble.append(failedActions(error));
  return bubble;
}

function failedActions(reason) {
  return element("div", { class: "failed-actions" },
    element("span", { class: "failed-reason" }, [text("not-sent"), reason].filter(Boolean).join(" ")),
    element("button", { type: "button", "data-retry": "" }, text("retry")),
    element("button", { type: "button", "data-discard": "" }, text("discard")));
}
