import { toast } from "../../behaviours/toasts.js";
import { submitForm } from "../../http.js";
import { text } from "../../page.js";

/** The dialog in which one chooses where a message goes too. */
export class Forwarding {
  #dialog;
  #form;
  #url = "";

  constructor(dialog, signal) {
    this.#dialog = dialog;
    this.#form = dialog.querySelector("[data-forward]");
    this.#form.addEventListener("submit", (event) => this.#submit(event), { signal });
    this.#form.addEventListener("change", () => this.#count(), { signal });
  }

  /** Asks where the message at this address is to go. */
  open(url) {
    this.#url = url;
    this.#form.reset();
    this.#form.querySelector("ol").replaceChildren();
    this.#count();
    this.#dialog.showModal();
    const { query } = this.#form.elements;
    query.focus();
    // htmx fetches the choices at this sign, and again as one types.
    query.dispatchEvent(new Event("opened"));
  }

  get #chosen() {
    return [...this.#form.querySelectorAll("[name=conversation_id]:checked")];
  }

  #count() {
    this.#button.disabled = this.#chosen.length === 0;
  }

  get #button() {
    return this.#form.querySelector("[data-send]");
  }

  async #submit(event) {
    event.preventDefault();
    const chosen = this.#chosen;
    if (chosen.length === 0) return;
    this.#button.disabled = true;
    const answer = await submitForm(`${this.#url}/forward`, chosen.map(({ value }) => ["conversation_id", value]));
    this.#count();
    if (answer.isAccepted) this.#dialog.close();
    toast(answer.isAccepted ? wordsFor(chosen) : answer.message, { isError: !answer.isAccepted });
  }
}

function wordsFor(chosen) {
  if (chosen.length > 1) return text("forwarded-several", { count: chosen.length });
  return text("forwarded", { name: chosen[0].closest("li").querySelector(".line-name").textContent });
}
