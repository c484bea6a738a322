const KEPT = 32;
const FADING = 0.95;
const KEY = "used";

/** Which emoji somebody uses: each use counts, and counts less with every later one. */
export class EmojiHabits {
  #store;

  constructor(store) {
    this.#store = store;
  }

  used(emoji) {
    const weights = this.#weights().map(([known, weight]) => [known, weight * FADING]);
    const standing = weights.find(([known]) => isSameEmoji(known, emoji));
    if (standing) standing[1] += 1;
    else weights.push([emoji, 1]);
    this.#store.put(KEY, weights.sort(([, one], [, other]) => other - one).slice(0, KEPT));
  }

  /** The `count` most used, filled up from `otherwise`. */
  favourites(count, otherwise = []) {
    const found = this.#weights().map(([emoji]) => emoji);
    for (const emoji of otherwise) {
      if (!found.some((known) => isSameEmoji(known, emoji))) found.push(emoji);
    }
    return found.slice(0, count);
  }

  #weights() {
    return this.#store.get(KEY) ?? [];
  }
}

/** Whether two are the same emoji, however many variation selectors each is spelt with. */
export function isSameEmoji(one, other) {
  return plain(one) === plain(other);
}

const plain = (emoji) => emoji.replaceAll("\ufe0f", "");
