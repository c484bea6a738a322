import { VersionCursor } from "../../lib/version-cursor.js";

const PATIENCE_WITH_GAPS = 800;

/** Notices that changes were missed, by the conversation's gapless counter, and fetches them. */
export class CatchingUp {
  #cursor;
  #fetch;
  #take;
  #timer = null;
  #isBusy = false;
  #wasAway = false;

  /** `fetch` answers the pages of changes since a version; `take` takes one of them in. */
  constructor(version, { fetch, take }) {
    this.#cursor = new VersionCursor(version);
    this.#fetch = fetch;
    this.#take = take;
  }

  /** These changes have arrived by themselves. */
  see(...versions) {
    versions.forEach((version) => this.#cursor.see(version));
    if (!this.#cursor.hasGap || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#cursor.hasGap) this.#catchUp();
    }, PATIENCE_WITH_GAPS);
  }

  /** The connection is gone; what one hides meanwhile on another device takes no version. */
  lost() {
    this.#wasAway = true;
  }

  /** What happened between the page's rendering, or the last connection, and this one. */
  compare(version) {
    if (this.#wasAway || version > this.#cursor.version) this.#catchUp();
    this.#wasAway = false;
  }

  /** Everything up to this version is here. */
  advance(version) {
    this.#cursor.advance(version);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #catchUp() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for await (const page of this.#fetch(this.#cursor.version)) {
      if (await this.#take(page) === false) break;
      this.#cursor.advance(page.version);
    }
    this.#isBusy = false;
  }
}
