import { placeBeside } from "../../anchoring.js";
import { quickReactions } from "../quick-reactions.js";

const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)");

/** All actions of one bubble, at the place where they were asked for; on a phone a sheet. */
export class Menu {
  #dialog;

  /** `onChoose` gets the name of an action, `onReact` an emoji; `onClose` comes when the focus is back. */
  constructor(dialog, { onChoose, onReact, onClose, signal }) {
    this.#dialog = dialog;
    dialog.addEventListener("click", ({ target }) => {
      const item = target.closest("[role=menuitem]");
      if (!item) return;
      this.close();
      onChoose(item.dataset.action);
    }, { signal });
    dialog.addEventListener("react", ({ detail }) => {
      this.close();
      onReact(detail.emoji);
    }, { signal });
    dialog.addEventListener("close", onClose, { signal });
    dialog.addEventListener("pointerdown", (event) => this.#pressed(event), { signal });
    dialog.addEventListener("keydown", (event) => this.#typed(event), { signal });
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** Offers these actions beside an element; without any besides "react", the emoji alone. */
  open(allowed, anchor) {
    for (const item of this.#menu.querySelectorAll("[role=menuitem]")) item.hidden = !allowed.has(item.dataset.action);
    this.#menu.hidden = this.#items.length === 0;
    this.#quick.replaceChildren(...(allowed.has("react") ? [quickReactions()] : []));
    this.#dialog.showModal();
    placeBeside(this.#dialog, anchor);
    const first = this.#items[0] ?? this.#quick.querySelector("button");
    (hasKeyboard.matches ? first : this.#dialog).focus();
  }

  close() {
    this.#dialog.close();
  }

  get #items() {
    return [...this.#dialog.querySelectorAll("[role=menuitem]:not([hidden])")];
  }

  get #menu() {
    return this.#dialog.querySelector("[role=menu]");
  }

  get #quick() {
    return this.#dialog.querySelector("[data-quick]");
  }

  /** A press beside the menu closes it. */
  #pressed({ target, clientX, clientY }) {
    const { left, right, top, bottom } = this.#dialog.getBoundingClientRect();
    const isWithin = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
    if (target === this.#dialog && !isWithin) this.close();
  }

  #typed(event) {
    if (this.#quick.contains(event.target)) return;
    const items = this.#items;
    const next = this.#neighbour(event.key, items, items.indexOf(event.target));
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  #neighbour(key, items, index) {
    switch (key) {
      case "ArrowDown":
        return items[(index + 1) % items.length];
      case "ArrowUp":
        return items.at(index - 1);
      case "Home":
        return items[0];
      case "End":
        return items.at(-1);
      default:
        return key.length === 1 ? startingWith(key, [...items.slice(index + 1), ...items.slice(0, index + 1)]) : null;
    }
  }
}

function startingWith(letter, items) {
  return items.find((item) => item.textContent.trim().toLowerCase().startsWith(letter.toLowerCase()));
}
