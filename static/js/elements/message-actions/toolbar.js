import { viewerId } from "../../page.js";

/** The few actions beside one bubble at a time. */
export class Toolbar {
  #bar;
  #home;
  #bubble = null;

  constructor(bar) {
    this.#bar = bar;
    this.#home = bar.parentElement;
  }

  /** The bubble that it stands beside. */
  get bubble() {
    return this.#bubble;
  }

  /** Whether the keyboard is in it. */
  get isHeld() {
    return this.#bar.querySelector(":focus-visible") !== null;
  }

  /** The button that has the focus, or null. */
  get pressed() {
    return this.#bar.querySelector(":focus");
  }

  /** Stands beside a bubble, offering what is allowed of what it has. */
  show(bubble, allowed) {
    if (allowed.size === 0) {
      this.hide();
      return;
    }
    this.#bubble = bubble;
    for (const button of this.#bar.querySelectorAll("[data-action]")) {
      const { action } = button.dataset;
      button.hidden = action !== "more" && !allowed.has(action);
    }
    this.#bar.hidden = false;
    this.#bar.classList.toggle("own", bubble.dataset.senderId === viewerId);
    if (this.#bar.parentElement !== bubble) bubble.querySelector(".bubble").after(this.#bar);
  }

  hide() {
    this.#bubble = null;
    this.#bar.hidden = true;
    this.#home.append(this.#bar);
  }
}
