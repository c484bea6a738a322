/**
 * Which of the viewer's tabs is being looked at, as far as they tell each other over a BroadcastChannel (or nothing like it).
 * Each says so of itself with look(); one that has just opened asks the others.
 */
export class Attention {
  #channel;
  #id;
  #isOwn = false;
  #others = new Set();

  constructor(channel, id = crypto.randomUUID()) {
    this.#channel = channel;
    this.#id = id;
    channel?.addEventListener("message", ({ data }) => this.#heard(data));
    this.#say({ type: "who" });
  }

  /** Whether anybody looks at any of the tabs. */
  get isAnywhere() {
    return this.#isOwn || this.#others.size > 0;
  }

  /** This tab is now looked at, or no longer. */
  look(isLookedAt) {
    if (isLookedAt === this.#isOwn) return;
    this.#isOwn = isLookedAt;
    this.#tell();
  }

  #tell() {
    this.#say({ type: "looks", id: this.#id, isLookedAt: this.#isOwn });
  }

  #heard({ type, id, isLookedAt }) {
    if (type === "who" && this.#isOwn) this.#tell();
    if (type !== "looks") return;
    if (isLookedAt) this.#others.add(id);
    else this.#others.delete(id);
  }

  #say(message) {
    this.#channel?.postMessage(message);
  }
}
