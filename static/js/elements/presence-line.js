import { presenceWords } from "../lib/last-seen.js";
import { serverNow, text } from "../page.js";
import { clockface } from "../state.js";

const HALF_A_MINUTE = 30_000;
const shown = new Set();

/** "online" or "last seen 5 minutes ago" of the person `data-peer-id`; behaviours/presence.js keeps its attributes. */
class PresenceLine extends HTMLElement {
  static observedAttributes = ["data-online", "data-last-seen-at"];

  connectedCallback() {
    shown.add(this);
    this.render();
  }

  disconnectedCallback() {
    shown.delete(this);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.render();
  }

  render() {
    const { online, lastSeenAt } = this.dataset;
    const words = presenceWords({ isOnline: online === "true", lastSeenAt: lastSeenAt || null }, {
      now: serverNow(),
      clockface,
      words: {
        online: text("online"),
        justNow: text("seen-just-now"),
        minute: text("seen-minute"),
        minutes: text("seen-minutes"),
        at: text("seen-at"),
      },
    });
    if (this.textContent !== words) this.textContent = words;
  }
}

setInterval(() => shown.forEach((line) => line.render()), HALF_A_MINUTE);

customElements.define("presence-line", PresenceLine);
