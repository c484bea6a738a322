import { clockface } from "../state.js";

const MINUTE = 60_000;
const shown = new Set();

/** A moment in the viewer's zone; `data-format` is time, row, recent, day, moment, deadline, due or full. */
class LocalTime extends HTMLElement {
  static observedAttributes = ["datetime"];

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
    const date = new Date(this.getAttribute("datetime"));
    if (Number.isNaN(date.getTime())) return;
    const words = clockface[this.dataset.format ?? "full"](date);
    if (this.textContent !== words) this.textContent = words;
    this.title = clockface.full(date);
  }
}

/** "Today" is "Yesterday" after midnight: one timer for all of them. */
setInterval(() => shown.forEach((time) => time.render()), MINUTE);

customElements.define("local-time", LocalTime);
