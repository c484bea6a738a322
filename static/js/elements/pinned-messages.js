import { parse } from "../html.js";
import { fetchFragment, submitForm } from "../http.js";
import { toast } from "../behaviours/toasts.js";
import { live } from "../socket.js";
import { LiveElement } from "./live-element.js";

const EVENTS = ["message_updated", "message_deleted"];

/** The bar of pinned messages: leads to them, and follows what happens to them. */
class PinnedMessages extends LiveElement {
  connected(signal) {
    this.list = this.parentElement.querySelector("message-list");
    this.url = `/conversations/${this.dataset.conversationId}/pins`;
    for (const name of EVENTS) {
      live.addEventListener(name, ({ detail: { message } }) => {
        if (this.#concerns(message)) this.#refresh();
      }, { signal });
    }
    live.addEventListener("watching", ({ detail }) => {
      if (detail.version > Number(this.list.dataset.version)) this.#refresh();
    }, { signal });
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.addEventListener("submit", (event) => this.#unpin(event), { signal });
  }

  #concerns({ id, conversationId, pinnedAt }) {
    return conversationId === this.dataset.conversationId && Boolean(pinnedAt || this.querySelector(`[data-pin="${id}"]`));
  }

  async #refresh() {
    const html = await fetchFragment(this.url);
    if (html === null) return;
    const isOpen = this.querySelector("details")?.open;
    this.replaceChildren(parse(html));
    const details = this.querySelector("details");
    if (details) details.open = isOpen ?? false;
  }

  #clicked(event) {
    const link = event.target.closest("[data-pin]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.querySelector("details")?.removeAttribute("open");
    this.list.show(link.dataset.pin);
  }

  async #unpin(event) {
    event.preventDefault();
    const answer = await submitForm(event.target.action, new FormData(event.target));
    if (answer.isAccepted) this.list.receive(answer.html);
    else toast(answer.message, { isError: true });
  }
}

customElements.define("pinned-messages", PinnedMessages);
