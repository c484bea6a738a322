import { shortName } from "../lib/typists.js";
import { text } from "../page.js";
import { typists } from "../state.js";
import { LiveElement } from "./live-element.js";

/** "Ada is typing…", below the messages. */
class TypingLine extends LiveElement {
  connected(signal) {
    typists.addEventListener("changed", ({ detail }) => {
      if (detail.conversationId === this.dataset.conversationId) this.#show();
    }, { signal });
    this.#show();
  }

  #show() {
    const [one, other, ...more] = typists.names(this.dataset.conversationId).map(shortName);
    this.hidden = one === undefined;
    if (more.length > 0) this.textContent = text("typing-several");
    else if (other) this.textContent = text("typing-two", { name: one, other });
    else if (one) this.textContent = text("typing", { name: one });
  }
}

customElements.define("typing-line", TypingLine);
