/** How many conversations hold something unread, from the server's number and what has happened since. */
export class UnreadCount {
  #known = new Map();
  #total;

  constructor(total = 0) {
    this.#total = total;
  }

  get total() {
    return this.#total;
  }

  /** A row as the server rendered it. Seen for the first time, its state is in the total already. */
  learn(conversationId, unread) {
    if (this.#known.has(conversationId)) this.change(conversationId, unread);
    else this.#known.set(conversationId, unread > 0);
  }

  /** A conversation's number has changed. One never seen had nothing unread if this is its first. */
  change(conversationId, unread) {
    const before = this.#known.get(conversationId) ?? unread > 1;
    const after = unread > 0;
    this.#known.set(conversationId, after);
    this.#total = Math.max(0, this.#total + Number(after) - Number(before));
  }

  /** Everything there is was counted anew. */
  reset(total) {
    this.#total = total;
  }

  /** The same by the server: what is known of each conversation may be older. */
  recount(total) {
    this.#known.clear();
    this.#total = total;
  }
}
