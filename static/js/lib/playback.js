import { Emitter } from "./emitter.js";

const SPEEDS = [1, 1.5, 2];
const PLAYED_KEPT = 500;

/** How fast one listens, and what one has heard: remembered on this device. Emits `changed` with the speed. */
export class Playback extends Emitter {
  #store;

  constructor(store) {
    super();
    this.#store = store;
  }

  get speed() {
    return SPEEDS.includes(this.#store.get("speed")) ? this.#store.get("speed") : 1;
  }

  /** The next speed: 1, 1.5, 2, and from the start. */
  faster() {
    const next = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
    this.#store.put("speed", next);
    this.emit("changed");
    return next;
  }

  hasHeard(id) {
    return this.#heard.includes(id);
  }

  hear(id) {
    if (!this.hasHeard(id)) this.#store.put("heard", [...this.#heard, id].slice(-PLAYED_KEPT));
  }

  get #heard() {
    return this.#store.get("heard") ?? [];
  }
}
