import { remaining } from "../lib/remaining.js";
import { serverNow, text } from "../page.js";

const LONGEST_SLEEP = 60 * 60 * 1_000;
const FADE = 240;
const shown = new Set();
let sleep = null;

/**
 * How long a message still stands. At its time the bubble fades away, even where the server's word is late; but what is
 * paid for stays until there is an answer, which the server alone knows.
 */
class ExpiryTimer extends HTMLElement {
  connectedCallback() {
    shown.add(this);
    wake();
  }

  disconnectedCallback() {
    shown.delete(this);
  }

  /** Shows what is left; answers when to look again, in milliseconds. */
  render() {
    const left = new Date(this.getAttribute("datetime")).getTime() - serverNow();
    const { unit, count, next } = remaining(left);
    if (count === 0) this.#vanish();
    const words = count === 0 ? "" : text(`left-${unit}`, { count });
    const label = this.querySelector("span");
    if (label.textContent !== words) label.textContent = words;
    this.title = words && text("left", { time: words });
    return next;
  }

  #vanish() {
    shown.delete(this);
    const bubble = this.closest(".message");
    if (!bubble || bubble.closest("message-list[data-type=priority_dm]")) return;
    bubble.dataset.vanishing = "";
    setTimeout(() => bubble.closest("message-list")?.remove(bubble.dataset.messageId), FADE);
  }
}

/** One timer for all of them, set to whichever reads differently first; many that come at once are looked at once. */
function wake() {
  clearTimeout(sleep);
  sleep = setTimeout(look);
}

function look() {
  const next = [...shown].map((timer) => timer.render());
  if (next.length > 0) sleep = setTimeout(look, Math.min(LONGEST_SLEEP, ...next));
}

customElements.define("expiry-timer", ExpiryTimer);
