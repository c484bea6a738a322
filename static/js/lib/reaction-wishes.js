import { isSameEmoji } from "./emoji-habits.js";
import { Emitter } from "./emitter.js";

/**
 * What the viewer wants to have reacted and the server does not know yet. One request at a time for each message and
 * emoji, and the last wish wins. Emits `accepted` {messageId, html} and `refused` {messageId, emoji, active, message}, where
 * `active` is what stands instead.
 */
export class ReactionWishes extends Emitter {
  #post;
  #wishes = [];

  /** `post` (messageId, emoji, active) resolves to {isAccepted, html} or {isAccepted, message}. */
  constructor(post) {
    super();
    this.#post = post;
  }

  /** The wishes for a message, as {emoji, active}. */
  of(messageId) {
    return this.#wishes.filter((wish) => wish.messageId === messageId);
  }

  async want(messageId, emoji, active) {
    const known = this.of(messageId).find((wish) => isSameEmoji(wish.emoji, emoji));
    if (known) known.active = active;
    else await this.#pursue({ messageId, emoji, active });
  }

  async #pursue(wish) {
    this.#wishes.push(wish);
    let answer;
    let asked;
    do {
      asked = wish.active;
      answer = await this.#post(wish.messageId, wish.emoji, asked);
    } while (answer.isAccepted && asked !== wish.active);
    this.#wishes.splice(this.#wishes.indexOf(wish), 1);
    const { messageId, emoji } = wish;
    if (answer.isAccepted) this.emit("accepted", { messageId, html: answer.html });
    else this.emit("refused", { messageId, emoji, active: !asked, message: answer.message });
  }
}
