import { ask } from "../../behaviours/asking.js";
import { toast } from "../../behaviours/toasts.js";
import { submitForm } from "../../http.js";
import { text, viewerId } from "../../page.js";
import { deleteForAll, source } from "../message-actions/commands.js";

/** The message whose text stands in the composer instead of a new one's. */
export class Editing {
  #list;
  #message = null;

  constructor(list) {
    this.#list = list;
  }

  get isOn() {
    return this.#message !== null;
  }

  /** Fetches the text of a bubble's message to begin with; null where it is out of reach. */
  async begin(bubble) {
    const id = bubble.dataset.messageId;
    const url = `/conversations/${this.#list.dataset.conversationId}/messages/${id}`;
    try {
      const content = await source(url);
      this.#message = { id, url, list: this.#list, content };
      return content;
    } catch {
      toast(text("error"), { isError: true });
      return null;
    }
  }

  end() {
    this.#message = null;
  }

  /** Saves the text, or offers to delete the message if nothing is left of it; whether it is done with. */
  async save(content) {
    const message = this.#message;
    if (!content) return this.#offerDeletion(message);
    if (content === message.content) return true;
    const answer = await submitForm(`${message.url}/edit`, { content });
    if (answer.isAccepted) this.#list.receive(answer.html);
    else toast(answer.message, { isError: true });
    return answer.isAccepted;
  }

  /** The bubble of the viewer's last message, if it can still be edited. */
  get last() {
    const own = `.message[data-type="text"][data-sender-id="${viewerId}"][data-message-id]:not([data-deleted], [data-order])`;
    const bubble = [...this.#list.querySelectorAll(own)].at(-1);
    return bubble && new Date(bubble.dataset.canEditUntil) > Date.now() ? bubble : null;
  }

  async #offerDeletion(message) {
    const isSure = await ask({
      title: text("empty-title"), words: text("empty-words"), verb: text("empty-verb"), isDanger: true,
    });
    if (isSure) await deleteForAll(message);
    return isSure;
  }
}
