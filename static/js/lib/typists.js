import { Emitter } from "./emitter.js";

const LIFETIME = 6_000;

/** Who is typing where. Nobody stays longer than six seconds without a new sign. Emits `changed` {conversationId}. */
export class Typists extends Emitter {
  #conversations = new Map();

  start(conversationId, userId, name) {
    const typists = this.#conversations.get(conversationId) ?? new Map();
    this.#conversations.set(conversationId, typists);
    const known = typists.get(userId);
    clearTimeout(known?.timer);
    const timer = setTimeout(() => this.stop(conversationId, userId), LIFETIME);
    timer.unref?.();
    typists.set(userId, { name, timer });
    if (known?.name !== name) this.emit("changed", { conversationId });
  }

  stop(conversationId, userId) {
    const typists = this.#conversations.get(conversationId);
    const known = typists?.get(userId);
    if (!known) return;
    clearTimeout(known.timer);
    typists.delete(userId);
    this.emit("changed", { conversationId });
  }

  names(conversationId) {
    return [...(this.#conversations.get(conversationId)?.values() ?? [])].map(({ name }) => name);
  }
}

/** What a person is called in passing: "Ada" for "Ada Byron", but "Dr. Osei" whole. */
export function shortName(name) {
  const [first] = name.trim().split(/\s+/);
  return first.endsWith(".") ? name.trim() : first;
}
