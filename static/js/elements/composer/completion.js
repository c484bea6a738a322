import { element } from "../../html.js";
import { text } from "../../page.js";
import { emojiSource } from "./emoji-names.js";
import { mentionSource } from "./mentions.js";

const IME_KEY_CODE = 229;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * Offers members after "@" and emoji after ":" in a list above the field. Its keys come before the field's own.
 *
 * A source has `label`, `find(before)` with {query, start} for the text before the caret or null, `search(query)` with
 * choices, `option(choice)` with what shows one, and `insertion(choice)`.
 */
export class Completion {
  #field;
  #sources;
  #list = null;
  #choices = [];
  #current = 0;
  #source = null;
  #start = -1;
  #dismissed = null;
  #asked = 0;

  constructor(field, signal) {
    this.#field = field;
    const { conversationId } = field.closest("message-composer").dataset;
    this.#sources = [mentionSource(conversationId, signal), emojiSource()];
    const on = (name, handle, options) => field.addEventListener(name, handle, { signal, ...options });
    on("input", (event) => { if (!event.isComposing) this.#look(); });
    on("compositionend", () => this.#look());
    on("click", () => this.#look());
    on("blur", () => this.#close());
    on("keydown", (event) => this.#pressed(event), { capture: true });
    signal.addEventListener("abort", () => this.#close());
  }

  get isOpen() {
    return this.#list !== null;
  }

  async #look() {
    const asked = ++this.#asked;
    const place = this.#place();
    if (place?.start !== this.#dismissed) this.#dismissed = null;
    if (!place || place.start === this.#dismissed) return this.#close();
    const choices = await place.source.search(place.query);
    if (asked !== this.#asked || this.#field !== document.activeElement) return;
    this.#source = place.source;
    this.#start = place.start;
    this.#show(choices);
  }

  /** What the caret stands behind, if one of the sources knows it. */
  #place() {
    const { value, selectionStart, selectionEnd } = this.#field;
    if (selectionStart !== selectionEnd) return null;
    const before = value.slice(0, selectionStart);
    for (const source of this.#sources) {
      const found = source.find(before);
      if (found) return { source, ...found };
    }
    return null;
  }

  #show(choices) {
    this.#close();
    if (choices.length === 0) return;
    this.#choices = choices;
    this.#list = element("ul", { class: "completion", id: "completion", role: "listbox", "aria-label": text(this.#source.label) },
      ...choices.map((choice, index) => this.#option(choice, index)));
    this.#field.closest("form").before(this.#list);
    this.#field.setAttribute("role", "combobox");
    this.#field.setAttribute("aria-expanded", "true");
    this.#field.setAttribute("aria-autocomplete", "list");
    this.#field.setAttribute("aria-controls", "completion");
    this.#mark(0);
  }

  #option(choice, index) {
    const option = element("li", { class: "completion-option", id: `completion-${index}`, role: "option" },
      ...this.#source.option(choice));
    // Pressing the mouse would take the focus, and with it the list, away.
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.#take(index));
    return option;
  }

  #close() {
    if (!this.#list) return;
    this.#list.remove();
    this.#list = null;
    for (const name of ["role", "aria-expanded", "aria-autocomplete", "aria-controls", "aria-activedescendant"]) {
      this.#field.removeAttribute(name);
    }
  }

  #mark(index) {
    this.#current = index;
    [...this.#list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    this.#list.children[index].scrollIntoView({ block: "nearest" });
    this.#field.setAttribute("aria-activedescendant", `completion-${index}`);
  }

  #pressed(event) {
    const isComposing = event.isComposing || event.keyCode === IME_KEY_CODE;
    if (!this.isOpen || isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const handle = this.#handlerFor(event);
    if (!handle) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    handle();
  }

  #handlerFor({ key, shiftKey }) {
    if (shiftKey) return null;
    if (key in STEPS) return () => this.#mark((this.#current + STEPS[key] + this.#choices.length) % this.#choices.length);
    if (key === "Enter" || key === "Tab") return () => this.#take(this.#current);
    if (key === "Escape") return () => this.#dismiss();
    return null;
  }

  #dismiss() {
    this.#dismissed = this.#start;
    this.#close();
  }

  #take(index) {
    const insertion = this.#source.insertion(this.#choices[index]);
    this.#field.setRangeText(insertion, this.#start, this.#field.selectionStart, "end");
    this.#dismiss();
    this.#field.dispatchEvent(new InputEvent("input", { bubbles: true, data: insertion, inputType: "insertReplacementText" }));
  }
}
