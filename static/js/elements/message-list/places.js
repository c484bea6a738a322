import { dressReactions } from "../message-reactions.js";
import { focusReaction } from "../message-reactions/pills.js";
import { factsOf, focusOn } from "./bubbles.js";
import { followPurchase } from "./paid.js";
import { bereaveQuotes, followQuotes } from "./quotes.js";

/** Puts each bubble in its place in the list, in that of a former one, or out of it. */
export class Places {
  #list;
  #timeline;
  #pending;
  #divider;

  constructor(list, { timeline, pending, divider }) {
    this.#list = list;
    this.#timeline = timeline;
    this.#pending = pending;
    this.#divider = divider;
  }

  /** The bubble of a message, as far as it is loaded. */
  bubble(id) {
    return id ? this.#list.querySelector(`:scope > [data-message-id="${CSS.escape(id)}"]`) : null;
  }

  /** Takes in a bubble from the server; `options` are the timeline's. */
  take(bubble, options) {
    if ("expired" in bubble.dataset) this.expire(bubble.dataset.messageId);
    else this.#place(bubble, options);
  }

  /** Takes out what the viewer is to see no more. */
  remove(id) {
    const next = this.#timeline.remove(id);
    if (this.#divider.before === id) this.#divider.before = next;
    this.bubble(id)?.remove();
  }

  /** Takes out what nobody is to see any more. */
  expire(id) {
    this.remove(id);
    bereaveQuotes(this.#list, id);
  }

  #place(bubble, options) {
    const facts = factsOf(bubble);
    dressReactions(bubble);
    const decision = this.#timeline.place(facts, options);
    this.#pending.settle(facts.clientMessageId);
    if (decision.action === "replace") this.#replace(this.bubble(facts.id), bubble);
    if (decision.action === "insert") {
      this.#list.insertBefore(bubble, this.bubble(decision.before) ?? this.#pending.first);
      // A page of the history brings messages as they are by now; its lines tell what has been.
      if (!options?.page) followPurchase(this.#list, bubble);
    }
  }

  #replace(former, bubble) {
    const focused = former.contains(document.activeElement) ? document.activeElement : null;
    former.replaceWith(bubble);
    followQuotes(this.#list, bubble);
    if (focused && !focusReaction(bubble, focused)) focusOn(bubble);
  }
}
