import { outbox } from "../../state.js";
import { pendingBubble, showOutboxState } from "./bubbles.js";

/** The outbox's entries at the end of the list, in the order in which they will be sent. */
export class PendingMessages {
  #list;
  #conversationId;

  constructor(list, conversationId) {
    this.#list = list;
    this.#conversationId = conversationId;
  }

  /** What everything acknowledged stands before. */
  get first() {
    return this.#list.querySelector(":scope > [data-order]");
  }

  has(id) {
    return this.#bubble(id) !== null;
  }

  /** Shows again what an earlier visit left unsent. */
  restore() {
    for (const entry of outbox.entries(this.#conversationId)) this.show(entry);
  }

  show(entry) {
    const bubble = showOutboxState(this.#bubble(entry.id) ?? pendingBubble(entry), entry);
    const later = [...this.#list.querySelectorAll(":scope > [data-order]")]
      .find((other) => Number(other.dataset.order) > entry.order);
    if (bubble.nextElementSibling !== (later ?? null) || !bubble.isConnected) this.#list.insertBefore(bubble, later ?? null);
  }

  /** The server's own bubble for this entry is here. */
  settle(clientMessageId) {
    if (!clientMessageId) return;
    this.#bubble(clientMessageId)?.remove();
    outbox.acknowledge(clientMessageId);
  }

  /** Discarded here or in another tab. One sent by another tab stays until its message arrives in this one. */
  removed(entry) {
    if (entry.state === "failed") this.#bubble(entry.id)?.remove();
  }

  clicked(event) {
    const id = event.target.closest("[data-order]")?.dataset.clientMessageId;
    if (!id) return;
    if (event.target.closest("[data-retry]")) outbox.retry(id);
    if (event.target.closest("[data-discard]")) outbox.discard(id);
  }

  #bubble(id) {
    return this.#list.querySelector(`:scope > [data-order][data-client-message-id="${CSS.escape(id)}"]`);
  }
}
