import { Receipts } from "../lib/receipts.js";
import { Timeline } from "../lib/timeline.js";
import { visit } from "../navigation.js";
import { isAttended, viewerId } from "../page.js";
import { live } from "../socket.js";
import { outbox } from "../state.js";
import { LiveElement } from "./live-element.js";
import { bubblesIn, factsOf, markOwn, markStatuses, point } from "./message-list/bubbles.js";
import { CatchingUp } from "./message-list/catching-up.js";
import { decorate } from "./message-list/decorations.js";
import { UnreadDivider } from "./message-list/divider.js";
import { History } from "./message-list/history.js";
import { JumpButton } from "./message-list/jump-button.js";
import { PendingMessages } from "./message-list/pending-messages.js";
import { Places } from "./message-list/places.js";
import { Reading } from "./message-list/reading.js";
import { Scroller, viewportOf } from "./message-list/scroller.js";
import { dressReactions } from "./message-reactions.js";

const BUBBLE_EVENTS = ["message_received", "message_updated", "message_deleted", "message_reaction_updated"];
const LOAD_AHEAD = 1_000;

/** The open conversation's messages: puts whatever arrives in its place and keeps the reader's. */
class MessageList extends LiveElement {
  connected(signal) {
    const { conversationId, version, hasOlder, hasNewer, firstUnread, receipts, readByAll } = this.dataset;
    this.conversationId = conversationId;
    this.list = this.querySelector(".messages");
    this.timeline = new Timeline();
    this.receipts = new Receipts(JSON.parse(receipts ?? "[]"), Number(readByAll ?? 0));
    this.history = new History(conversationId, this.timeline, signal);
    this.catchingUp = new CatchingUp(Number(version), {
      fetch: (since) => this.history.changesSince(since),
      take: (page) => this.#catchUp(page),
    });
    this.divider = new UnreadDivider(firstUnread);
    this.jump = new JumpButton(this.querySelector("[data-jump]"), () => this.#goToLatest(), signal);
    this.pending = new PendingMessages(this.list, conversationId);
    this.places = new Places(this.list, { timeline: this.timeline, pending: this.pending, divider: this.divider });
    this.scroller = new Scroller(viewportOf(this.list), this.list, {
      mayFollow: () => !this.timeline.hasNewer,
      onScroll: () => this.#moved(),
      signal,
    });
    this.querySelectorAll(".without-script").forEach((link) => link.remove());
    this.#adopt();
    this.timeline.hasOlder = hasOlder === "true";
    this.timeline.hasNewer = hasNewer === "true";
    this.reading = new Reading(this, this.timeline, this.divider);
    this.#listen(signal);
    this.pending.restore();
    this.#decorate();
    this.#open();
    live.watch(conversationId);
  }

  disconnected() {
    this.catchingUp.stop();
    this.reading.stop();
    live.unwatch(this.conversationId);
  }

  /** The bubble of a message, as far as it is loaded. */
  bubble(id) {
    return this.places.bubble(id);
  }

  /** Takes in what the server answered. */
  receive(html) {
    const bubbles = bubblesIn(html);
    this.#receive(bubbles);
    this.catchingUp.see(...bubbles.map((bubble) => factsOf(bubble).version));
  }

  /** Takes out what the viewer is to see no more. */
  remove(id) {
    this.#change(() => this.places.remove(id));
  }

  /** Leads to a message: here if it is loaded, else where the server opens the conversation around it. */
  show(id) {
    const bubble = this.bubble(id);
    if (!bubble) {
      visit(`/conversations/${this.conversationId}/messages/${id}`);
      return;
    }
    this.scroller.goTo(bubble, { centred: true, smooth: true });
    point(bubble);
  }

  #adopt() {
    const bubbles = [...this.list.querySelectorAll(".message")];
    for (const bubble of bubbles) {
      dressReactions(bubble);
      this.timeline.place(factsOf(markOwn(bubble)), { page: true });
      this.pending.settle(factsOf(bubble).clientMessageId);
    }
    this.divider.begin(this.#unreadAmong(bubbles));
  }

  /** Where not all of them are loaded, the list's row knows how many there are. */
  #unreadAmong(bubbles) {
    const start = bubbles.findIndex(({ dataset }) => dataset.messageId === this.divider.before);
    const loaded = bubbles.slice(Math.max(start, 0)).filter((bubble) => factsOf(bubble).isNews);
    const row = document.getElementById(`row-${this.conversationId}`);
    return Math.max(loaded.length, Number(row?.dataset.unread ?? 0));
  }

  #listen(signal) {
    for (const name of BUBBLE_EVENTS) {
      live.addEventListener(name, ({ detail }) => this.#arrived(detail), { signal });
    }
    live.addEventListener("watching", ({ detail }) => {
      if (detail.id === this.conversationId) this.catchingUp.compare(detail.version);
    }, { signal });
    live.addEventListener("disconnected", () => this.catchingUp.lost(), { signal });
    live.addEventListener("messages_read", ({ detail }) => this.#read(detail), { signal });
    live.addEventListener("messages_delivered", ({ detail }) => this.#delivered(detail), { signal });
    outbox.addEventListener("changed", ({ detail }) => this.#outboxChanged(detail.entry), { signal });
    outbox.addEventListener("acknowledged", ({ detail }) => this.#acknowledged(detail), { signal });
    outbox.addEventListener("removed", ({ detail }) => this.#change(() => this.pending.removed(detail.entry)), { signal });
    this.list.addEventListener("click", (event) => this.#clicked(event), { signal });
    addEventListener("focus", () => this.#moved(), { signal });
    document.addEventListener("visibilitychange", () => this.#moved(), { signal });
  }

  /** Chooses what is seen first: the message asked for, the first unread one, or the end. */
  #open() {
    const focused = this.bubble(this.dataset.focus);
    const unread = this.bubble(this.divider.before);
    if (focused) {
      this.scroller.goTo(focused, { centred: true });
      point(focused);
    } else if (unread) {
      this.scroller.goTo(unread);
    } else {
      this.scroller.goToEnd();
    }
    this.#moved();
  }

  #arrived({ conversationId, html, version, message }) {
    if (conversationId !== this.conversationId) return;
    const isHidden = !message.isDeleted && message.deletedBy.includes(viewerId);
    if (isHidden) this.remove(message.id);
    else if (message.expired) this.#change(() => this.places.expire(message.id));
    else this.#receive(bubblesIn(html));
    this.catchingUp.see(version);
  }

  #acknowledged({ entry, html }) {
    if (entry.conversationId === this.conversationId && html) this.receive(html);
  }

  #clicked(event) {
    const quote = event.target.closest("[data-quote]");
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (quote && isPlain) {
      event.preventDefault();
      this.show(quote.dataset.quote);
    }
    this.pending.clicked(event);
  }

  /** Takes in what is happening now, and keeps account of what the viewer has not seen. */
  #receive(bubbles) {
    const end = this.timeline.last?.position ?? 0;
    const news = bubbles.map(factsOf).filter(({ position, isNews }) => position > end && isNews);
    if (!isAttended()) news.forEach(({ id }) => this.divider.missed(id));
    if (!this.scroller.isNearEnd || this.timeline.hasNewer) this.jump.count(news.length);
    this.#takeIn(bubbles);
  }

  #takeIn(bubbles, options) {
    this.#change(() => bubbles.forEach((bubble) => this.places.take(bubble, options)));
  }

  #change(mutate) {
    this.scroller.hold(() => {
      mutate();
      this.#decorate();
    });
    this.#moved();
    this.dispatchEvent(new CustomEvent("messages-changed"));
  }

  #decorate() {
    decorate(this.list, this.divider);
    markStatuses(this.list, this.receipts);
  }

  #outboxChanged(entry) {
    if (entry.conversationId !== this.conversationId) return;
    if (this.timeline.hasNewer) return this.#goToLatest();
    const isNew = !this.pending.has(entry.id);
    this.#change(() => this.pending.show(entry));
    if (isNew) this.scroller.goToEnd();
  }

  #moved() {
    this.jump.show(!this.scroller.isNearEnd || this.timeline.hasNewer);
    this.reading.look(this.scroller.isNearEnd);
    if (this.scroller.toStart < LOAD_AHEAD) this.#loadOlder();
    if (this.scroller.toEnd < LOAD_AHEAD) this.#loadNewer();
  }

  async #loadOlder() {
    const bubbles = await this.history.older();
    if (!bubbles || !this.isConnected) return;
    // A log announces what is added to it; the past is no news.
    this.list.setAttribute("aria-busy", "true");
    this.#takeIn(bubbles, { page: true });
    requestAnimationFrame(() => this.list.removeAttribute("aria-busy"));
  }

  async #loadNewer() {
    const bubbles = await this.history.newer();
    if (bubbles && this.isConnected) this.#takeIn(bubbles, { page: true });
  }

  async #catchUp({ bubbles, hidden, isTooMuch }) {
    if (!this.isConnected) return false;
    this.#receive(bubbles);
    hidden.filter((id) => this.bubble(id)).forEach((id) => this.remove(id));
    if (isTooMuch) await this.#showLatest();
    return true;
  }

  #goToLatest() {
    if (this.timeline.hasNewer) this.#showLatest();
    else this.scroller.goToEnd({ smooth: true });
  }

  /** Leaves the stretch that is loaded for the end of the conversation. */
  async #showLatest() {
    const page = await this.history.latest();
    if (!page || !this.isConnected) return;
    this.list.replaceChildren();
    this.timeline.reset({ hasOlder: page.hasMore, hasNewer: false });
    this.catchingUp.advance(page.version);
    this.pending.restore();
    this.#takeIn(page.bubbles, { page: true });
    this.scroller.goToEnd();
    history.replaceState(history.state, "", `/conversations/${this.conversationId}`);
  }

  /** Read by the viewer in another tab; or by somebody else, which the ticks show. */
  #read({ conversationId, userId, messageId }) {
    const message = conversationId === this.conversationId && this.timeline.get(messageId);
    if (!message) return;
    if (userId === viewerId) this.reading.advance(message.position);
    this.receipts.read(userId, message.position);
    markStatuses(this.list, this.receipts);
  }

  #delivered({ conversationId, userId, at }) {
    if (conversationId !== this.conversationId) return;
    this.receipts.delivered(userId, at);
    markStatuses(this.list, this.receipts);
  }
}

customElements.define("message-list", MessageList);
