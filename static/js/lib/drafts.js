import { Emitter } from "./emitter.js";

/** Half-written messages, one per conversation. Emits `changed` {conversationId, text}. */
export class Drafts extends Emitter {
  #store;

  constructor(store) {
    super();
    this.#store = store;
  }

  get(conversationId) {
    return this.#store.get(conversationId) ?? "";
  }

  set(conversationId, text) {
    if (this.get(conversationId) === text) return;
    if (text.trim()) this.#store.put(conversationId, text);
    else this.#store.delete(conversationId);
    this.announce(conversationId);
  }

  /** Says what stands now; used when another tab has changed it. */
  announce(conversationId) {
    this.emit("changed", { conversationId, text: this.get(conversationId) });
  }
}
