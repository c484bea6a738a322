import { TypingSignal } from "../lib/typing-signal.js";
import { live } from "../socket.js";
import { drafts, outbox } from "../state.js";
import { LiveElement } from "./live-element.js";

const LINES = 8;
const IME_KEY_CODE = 229;
const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)");

/** Where one writes: keeps the draft, tells the others that one types, and hands what is sent to the outbox. */
class MessageComposer extends LiveElement {
  connected(signal) {
    this.conversationId = this.dataset.conversationId;
    this.form = this.querySelector("form");
    // Whom one can no longer write to leaves a note instead of a form.
    if (!this.form) return;
    // An empty message is simply not sent; the browser need not complain of it.
    this.form.noValidate = true;
    this.field = this.form.elements.content;
    this.typing = new TypingSignal((event) => live.send(event, { conversationId: this.conversationId }));
    this.field.value ||= drafts.get(this.conversationId);
    this.#listen(signal);
    this.#fit();
    if (hasKeyboard.matches && !document.querySelector("message-list .focused")) this.field.focus({ preventScroll: true });
  }

  disconnected() {
    this.typing?.stop();
  }

  get #button() {
    return this.form.querySelector("[data-send]");
  }

  #listen(signal) {
    this.form.addEventListener("submit", (event) => this.#submit(event), { signal });
    this.field.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    this.field.addEventListener("input", () => this.#typed(), { signal });
    this.field.addEventListener("blur", () => this.typing.stop(), { signal });
    // Pressing the button leaves the keyboard of a phone open.
    this.#button.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    drafts.addEventListener("changed", ({ detail }) => this.#draftChanged(detail), { signal });
  }

  #pressed(event) {
    const isComposing = event.isComposing || event.keyCode === IME_KEY_CODE;
    if (isComposing) return;
    if (event.key === "Escape") this.field.blur();
    if (event.key !== "Enter" || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const content = this.field.value.trim();
    if (!content) return;
    outbox.add(this.conversationId, content);
    this.field.value = "";
    this.#typed();
    if (hasKeyboard.matches) this.field.focus();
  }

  #typed() {
    drafts.set(this.conversationId, this.field.value);
    this.typing.typed(this.field.value);
    this.#fit();
  }

  /** Another tab writes in the same conversation. */
  #draftChanged({ conversationId, text }) {
    if (conversationId !== this.conversationId || this.field === document.activeElement) return;
    this.field.value = text;
    this.#fit();
  }

  #fit() {
    this.#button.disabled = this.field.value.trim() === "";
    if (CSS.supports("field-sizing", "content")) return;
    const { lineHeight, paddingBlockStart, paddingBlockEnd } = getComputedStyle(this.field);
    const most = LINES * parseFloat(lineHeight) + parseFloat(paddingBlockStart) + parseFloat(paddingBlockEnd);
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, most)}px`;
  }
}

customElements.define("message-composer", MessageComposer);
