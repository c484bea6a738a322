/** The strip above the field: what is replied to, or edited. */
export class Strip {
  #strip;

  constructor(strip, { onCancel, signal }) {
    this.#strip = strip;
    strip.querySelector("[data-cancel]").addEventListener("click", onCancel, { signal });
    strip.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
  }

  /** `kind` is "reply" or "edit". */
  show(kind, title, words) {
    this.#strip.dataset.kind = kind;
    this.#strip.querySelector("[data-strip-title]").textContent = title;
    this.#strip.querySelector("[data-strip-text]").textContent = words;
    this.#strip.hidden = false;
  }

  hide() {
    this.#strip.hidden = true;
  }
}
