import { setAttribute } from "../../html.js";
import { costOf, promiseOf } from "../../lib/paid-level.js";
import { serverNow, text } from "../../page.js";
import { clockface } from "../../state.js";

const MINUTE = 60_000;

/** How soon the client of a paid conversation wants the answer: what a level costs stands on the button that pays for it. */
export class Levels {
  #composer;
  #form;

  constructor(composer, { signal }) {
    this.#composer = composer;
    this.#form = composer.querySelector("form");
    this.#form.addEventListener("change", () => this.show(), { signal });
    const timer = setInterval(() => this.show(), MINUTE);
    signal.addEventListener("abort", () => clearInterval(timer));
    this.show();
  }

  /** What goes with the next message: {level, priceMinor, currency}, or null where it is free. */
  get cost() {
    return this.#chosen ? costOf(this.#chosen) : null;
  }

  /** "Send, $30.00", or nothing where it is free. */
  get words() {
    return this.#form.querySelector("[data-send-words]").textContent;
  }

  /** Each paid message is chosen anew. */
  reset() {
    const free = this.#form.querySelector("[data-levels] input[value=normal]");
    if (free) free.checked = true;
    this.show();
  }

  /** Takes over what the server says now. Where the price that one looked at has changed, it is chosen anew. */
  update(fresh) {
    const before = this.#chosen;
    for (const part of ["[data-levels]", "[data-foot]"]) {
      const [standing, newer] = [this.#composer.querySelector(part), fresh.querySelector(part)];
      if (newer) standing?.replaceWith(newer);
    }
    const same = before && this.#form.querySelector(`[data-levels] input[value="${before.value}"]`);
    if (same && same.dataset.priceMinor === before.priceMinor) same.checked = true;
    this.show();
  }

  show() {
    const chosen = this.#chosen;
    const promise = chosen?.priceMinor ? promiseOf(chosen, serverNow()) : null;
    setAttribute(this.#form, "data-level", promise ? chosen.value : null);
    const words = promise ? text("paid-send", { amount: promise.price }) : "";
    const button = this.#form.querySelector("[data-send]");
    button.dataset.words ??= button.getAttribute("aria-label");
    button.setAttribute("aria-label", words || button.dataset.words);
    button.querySelector("[data-send-words]").textContent = words;
    const line = this.#composer.querySelector("[data-foot-promise]");
    if (line) line.textContent = promise ? text("paid-promise", { amount: promise.price, time: clockface.deadline(promise.dueAt) }) : "";
  }

  get #chosen() {
    const input = this.#form.querySelector("[data-levels] input:checked");
    return input && { value: input.value, ...input.dataset, currency: input.closest("[data-levels]").dataset.currency };
  }
}
