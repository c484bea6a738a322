/**
 * The order of one conversation's messages as far as they are loaded, and the decision where an arriving one belongs.
 * Messages may arrive twice, late, early or by two ways; the highest version of each wins.
 */
export class Timeline {
  #order = [];
  #byId = new Map();
  #removed = new Set();

  hasOlder = false;
  hasNewer = false;

  get first() {
    return this.#order[0];
  }

  get last() {
    return this.#order.at(-1);
  }

  get(id) {
    return this.#byId.get(id);
  }

  /** Forgets everything, for another stretch of the conversation. */
  reset({ hasOlder, hasNewer }) {
    this.#order = [];
    this.#byId.clear();
    Object.assign(this, { hasOlder, hasNewer });
  }

  /** Takes a message out for good: what still arrives of it is stale. Answers the id of the one behind it, or null. */
  remove(id) {
    this.#removed.add(id);
    const known = this.#byId.get(id);
    if (!known) return null;
    const index = this.#order.indexOf(known);
    this.#order.splice(index, 1);
    this.#byId.delete(id);
    return this.#order[index]?.id ?? null;
  }

  /**
   * Decides about {id, position, version}; `page` marks what was fetched as the next page of the history.
   * @returns {{action: "insert", before: string|null} | {action: "replace"|"stale"|"beyond"}}
   */
  place(message, { page = false } = {}) {
    if (this.#removed.has(message.id)) return { action: "stale" };
    const known = this.#byId.get(message.id);
    if (known) return this.#supersede(known, message);
    if (!page && this.#isBeyond(message)) return { action: "beyond" };
    const index = this.#indexFor(message.position);
    const follower = this.#order[index];
    this.#order.splice(index, 0, message);
    this.#byId.set(message.id, message);
    return { action: "insert", before: follower?.id ?? null };
  }

  #supersede(known, message) {
    if (message.version <= known.version) return { action: "stale" };
    Object.assign(known, message);
    return { action: "replace" };
  }

  /** Belongs to a stretch that is not loaded: shown now, it would stand beside a hole. */
  #isBeyond({ position }) {
    if (!this.last) return this.hasOlder || this.hasNewer;
    return (this.hasNewer && position > this.last.position) || (this.hasOlder && position < this.first.position);
  }

  #indexFor(position) {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#order[middle].position < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
