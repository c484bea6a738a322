import { fetchFragment } from "../http.js";
import { live } from "../socket.js";
import { LiveElement } from "./live-element.js";

/** On the way to the provider's checkout, which takes this page's place: Back leads to where one was before. */
class TopupGo extends HTMLElement {
  connectedCallback() {
    location.replace(this.dataset.url);
  }
}

/** Waits for a top-up to be paid; the server then leads on to where one was. */
class TopupWait extends LiveElement {
  connected(signal) {
    // The first time too: it may have been paid since the page was rendered.
    for (const name of ["connected", "wallet_updated"]) live.addEventListener(name, () => this.#look(), { signal });
  }

  async #look() {
    const state = await fetchFragment(location.pathname);
    if (state && state !== "open") location.reload();
  }
}

customElements.define("topup-go", TopupGo);
customElements.define("topup-wait", TopupWait);
