import { remaining } from "../lib/remaining.js";
import { setAttribute } from "../html.js";
import { text } from "../page.js";
import { live } from "../socket.js";
import { LiveElement } from "./live-element.js";

const SECOND = 1_000;

/** After how long the next messages disappear. What is chosen holds until it is changed or the conversation is left. */
class ExpiryChoice extends LiveElement {
  connected(signal) {
    this.select = this.querySelector("select");
    this.select.addEventListener("change", () => this.#show(), { signal });
    live.addEventListener("conversation_settings_updated", ({ detail }) => this.#settingsChanged(detail), { signal });
    this.#show();
  }

  /** In seconds; null where only the conversation's own time holds. */
  get #seconds() {
    return this.select.value ? Number(this.select.value) : null;
  }

  #show() {
    setAttribute(this, "data-active", this.#seconds ? "" : null);
    this.querySelector("[data-chosen]").textContent = this.#seconds ? short(this.#seconds) : "";
  }

  #settingsChanged({ conversation }) {
    if (conversation.id !== this.closest("message-composer")?.dataset.conversationId) return;
    const { autoDeleteAfter } = conversation.settings;
    const [own, ...others] = this.select.options;
    own.textContent = text(autoDeleteAfter ? "expiry-default" : "expiry-off");
    // The nearer time wins: a later one would promise what does not hold.
    for (const option of others) option.disabled = autoDeleteAfter !== null && Number(option.value) >= autoDeleteAfter;
    if (this.select.selectedOptions[0].disabled) this.select.value = "";
    this.#show();
  }
}

function short(seconds) {
  const { unit, count } = remaining(seconds * SECOND);
  return text(`left-${unit}`, { count });
}

customElements.define("expiry-choice", ExpiryChoice);
