/** Follows a conversation's gapless counter and knows when a number was skipped. */
export class VersionCursor {
  #ahead = new Set();

  constructor(version = 0) {
    this.version = version;
  }

  /** Whether something before the newest version seen has not arrived. */
  get hasGap() {
    return this.#ahead.size > 0;
  }

  /** Takes note of one change. */
  see(version) {
    if (version <= this.version) return;
    this.#ahead.add(version);
    this.#closeUp();
  }

  /** Everything up to this version has been fetched. */
  advance(version) {
    if (version <= this.version) return;
    this.version = version;
    for (const seen of this.#ahead) if (seen <= version) this.#ahead.delete(seen);
    this.#closeUp();
  }

  #closeUp() {
    while (this.#ahead.delete(this.version + 1)) this.version += 1;
  }
}
