const PAUSE = 400;

/** Reports how far the viewer has read, once they have stayed a moment, and never the same twice. */
export class ReadMarker {
  #post;
  #pause;
  #position;
  #timer = null;

  /** @param {{post: (messageId: string) => Promise<boolean>, position?: number, pause?: number}} options */
  constructor({ post, position = 0, pause = PAUSE }) {
    this.#post = post;
    this.#position = position;
    this.#pause = pause;
  }

  /** Whether this position has been reported as read. */
  covers(position) {
    return position <= this.#position;
  }

  /** The viewer has this message before them. */
  reached({ id, position }) {
    if (this.covers(position)) return;
    this.cancel();
    this.#timer = setTimeout(() => this.#report(id, position), this.#pause);
  }

  /** Elsewhere (another tab) it was read up to here. */
  advance(position) {
    this.#position = Math.max(this.#position, position);
  }

  cancel() {
    clearTimeout(this.#timer);
  }

  async #report(id, position) {
    const before = this.#position;
    this.#position = Math.max(before, position);
    if (!(await this.#post(id)) && this.#position === position) this.#position = before;
  }
}
