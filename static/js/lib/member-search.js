const PAUSE = 120;

/** Asks for members by the beginning of a name: not at every keystroke, nothing twice, and not what must be in vain. */
export class MemberSearch {
  #fetch;
  #pause;
  #known = new Map();
  #latest = "";

  /** `fetch` answers the people found, or null where it could not ask. */
  constructor(fetch, { pause = PAUSE } = {}) {
    this.#fetch = fetch;
    this.#pause = pause;
  }

  /** The people found; nobody where a newer search has begun in the meantime. */
  async find(query) {
    const wanted = query.trim().toLowerCase();
    this.#latest = wanted;
    if (this.#isInVain(wanted)) return [];
    if (!this.#known.has(wanted)) await this.#ask(wanted);
    return (this.#latest === wanted && this.#known.get(wanted)) || [];
  }

  /** Somebody has come or gone. */
  forget() {
    this.#known.clear();
  }

  /** Where a shorter beginning has found nobody, neither will a longer one. */
  #isInVain(wanted) {
    return [...this.#known].some(([query, found]) => found.length === 0 && wanted.startsWith(query));
  }

  async #ask(wanted) {
    await new Promise((resolve) => { setTimeout(resolve, this.#pause); });
    if (this.#latest !== wanted) return;
    const found = await this.#fetch(wanted);
    if (found) this.#known.set(wanted, found);
  }
}
