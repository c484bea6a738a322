const MINUTE = 60_000;
const shown = new Set();

/** A custom element that shows time as it passes: `render` is called at once, on each minute and when an attribute changes. */
export class MinuteElement extends HTMLElement {
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
}

/** One timer for all of them. */
setInterval(() => shown.forEach((element) => element.render()), MINUTE);
