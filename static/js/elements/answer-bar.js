import { fetchFragment } from "../http.js";
import { parse } from "../html.js";
import { live } from "../socket.js";
import { LiveElement } from "./live-element.js";

/** Below the composer: what an answer earns and how to decline, as long as one is owed. */
class AnswerBar extends LiveElement {
  connected(signal) {
    live.addEventListener("escrow_updated", ({ detail: { escrow } }) => {
      if (escrow.conversationId === this.dataset.conversationId) this.#refresh();
    }, { signal });
  }

  async #refresh() {
    const html = await fetchFragment(`/priority/${this.dataset.conversationId}/answer`);
    const fresh = html && parse(html).querySelector("answer-bar");
    if (fresh && this.isConnected) this.replaceChildren(...fresh.childNodes);
  }
}

customElements.define("answer-bar", AnswerBar);
