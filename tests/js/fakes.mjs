/** A Storage in memory. */
export class MemoryStorage {
  #items = new Map();

  get length() {
    return this.#items.size;
  }

  key(index) {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(key) {
    return this.#items.get(key) ?? null;
  }

  setItem(key, value) {
    this.#items.set(key, String(value));
  }

  removeItem(key) {
    this.#items.delete(key);
  }
}

/** Lets everything that is merely waiting for its turn run. */
export const settled = () => new Promise((resolve) => { setImmediate(resolve); });

/** Waits for something that timers bring about. */
export async function until(condition) {
  for (let patience = 500; !condition() && patience > 0; patience -= 1) {
    await new Promise((resolve) => { setTimeout(resolve, 2); });
  }
}

/** A `post` whose answers the test gives, one call after another. */
export function scriptedPost() {
  const calls = [];
  const post = (entry) => new Promise((resolve) => calls.push({ entry, answer: resolve }));
  return { post, calls, contents: () => calls.map(({ entry }) => entry.content) };
}

/** The details of every event of one name. */
export function recorded(emitter, name) {
  const details = [];
  emitter.addEventListener(name, ({ detail }) => details.push(detail));
  return details;
}
