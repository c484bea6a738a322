import { text } from "../../page.js";

/** Where the unread messages begin. It stays when they have been read, and moves only when further ones arrive unseen. */
export class UnreadDivider {
  #count = 0;
  #isRead = false;

  constructor(before) {
    this.before = before || null;
  }

  get label() {
    return text(this.#count === 1 ? "new-message" : "new-messages", { count: this.#count });
  }

  /** How many stand behind it when the page opens. */
  begin(count) {
    this.#count = count;
  }

  /** A message arrived while nobody looked. */
  missed(messageId) {
    if (!this.before || this.#isRead) {
      this.before = messageId;
      this.#count = 0;
      this.#isRead = false;
    }
    this.#count += 1;
  }

  read() {
    this.#isRead = true;
  }
}
