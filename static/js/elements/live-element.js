/** A custom element whose listeners end when it leaves the page: subclasses pass on the signal that `connected` gets. */
export class LiveElement extends HTMLElement {
  #presence = null;

  connectedCallback() {
    this.#presence = new AbortController();
    this.connected(this.#presence.signal);
  }

  disconnectedCallback() {
    this.#presence.abort();
    this.disconnected?.();
  }
}
