import { text } from "../../page.js";

/** The pill that leads to the latest message and counts what arrived out of sight. */
export class JumpButton {
  #button;
  #unseen = 0;

  constructor(button, onJump, signal) {
    this.#button = button;
    button.addEventListener("click", onJump, { signal });
  }

  show(isAway) {
    if (!isAway) this.#unseen = 0;
    this.#button.hidden = !isAway;
    this.#render();
  }

  count(messages) {
    this.#unseen += messages;
    this.#render();
  }

  #render() {
    this.#button.querySelector("[data-jump-count]").textContent = this.#unseen ? text("jump", { count: this.#unseen }) : "";
  }
}
