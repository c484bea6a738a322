import { Timeline } from "../lib/timeline.js";
import { VersionCursor } from "../lib/version-cursor.js";
import { isAttended, viewerId } from "../page.js";
import { live } from "../socket.js";
import { outbox } from "../state.js";
import { LiveElement } from "./live-element.js";
import { bubblesIn, factsOf, markOwn, markReadUpTo } from "./message-list/bubbles.js";
import { decorate } from "./message-list/decorations.js";
import { UnreadDivider } from "./message-list/divider.js";
import { History } from "./message-list/history.js";
import { JumpButton } from "./message-list/jump-button.js";
import { PendingMessages } from "./message-list/pending-messages.js";
import { Reading } from "./message-list/reading.js";
import { Scroller, viewportOf } from "./message-list/scroller.js";

const BUBBLE_EVENTS = ["message_received", "message_updated", "message_deleted", "message_reaction_updated"];
const PATIENCE_WITH_GAPS = 800;
const LOAD_AHEAD = 1_000;

/** The open conversation's messages: puts whatever arrives in its place and keeps the reader's. */
class MessageList extends LiveElement {
  connected(signal) {
    const { conversationId, version, hasOlder, hasNewer, firstUnread } = this.dataset;
    this.conversationId = conversationId;
    this.list = this.querySelector(".messages");
    this.timeline = new Timeline();
    this.cursor = new VersionCursor(Number(version));
    this.history = new History(conversationId, this.timeline, signal);
    this.divider = new UnreadDivider(firstUnread);
    this.jump = new JumpButton(this.querySelector("[data-jump]"), () => this.#goToLatest(), signal);
    this.pending = new PendingMessages(this.list, conversationId);
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
    decorate(this.list, this.divider);
    this.#open();
    live.watch(conversationId);
  }

  disconnected() {
    clearTimeout(this.gapTimer);
    this.gapTimer = null;
    this.reading.stop();
    live.unwatch(this.conversationId);
  }

  #adopt() {
    const bubbles = [...this.list.querySelectorAll(".message")];
    for (const bubble of bubbles) {
      this.timeline.place(factsOf(markOwn(bubble)), { page: true });
      this.pending.settle(factsOf(bubble).clientMessageId);
    }
    this.divider.begin(this.#unreadAmong(bubbles));
  }

  /** Where not all of them are loaded, the list's row knows how many there are. */
  #unreadAmong(bubbles) {
    const start = bubbles.findIndex(({ dataset }) => dataset.messageId === this.divider.before);
    const loaded = bubbles.slice(Math.max(start, 0)).filter(({ dataset }) => dataset.senderId !== viewerId);
    const row = document.getElementById(`row-${this.conversationId}`);
    return Math.max(loaded.length, Number(row?.dataset.unread ?? 0));
  }

  #listen(signal) {
    for (const name of BUBBLE_EVENTS) {
      live.addEventListener(name, ({ detail }) => this.#arrived(detail), { signal });
    }
    live.addEventListener("watching", ({ detail }) => this.#compare(detail), { signal });
    live.addEventListener("messages_read", ({ detail }) => this.#read(detail), { signal });
    outbox.addEventListener("changed", ({ detail }) => this.#outboxChanged(detail.entry), { signal });
    outbox.addEventListener("acknowledged", ({ detail }) => this.#acknowledged(detail), { signal });
    outbox.addEventListener("removed", ({ detail }) => this.#change(() => this.pending.removed(detail.entry)), { signal });
    this.list.addEventListener("click", (event) => this.pending.clicked(event), { signal });
    addEventListener("focus", () => this.#moved(), { signal });
    document.addEventListener("visibilitychange", () => this.#moved(), { signal });
  }

  /** Chooses what is seen first: the message asked for, the first unread one, or the end. */
  #open() {
    const focused = this.#bubble(this.dataset.focus);
    const unread = this.#bubble(this.divider.before);
    if (focused) {
      this.scroller.goTo(focused, { centred: true });
      focused.tabIndex = -1;
      focused.focus({ preventScroll: true });
      focused.classList.add("focused");
    } else if (unread) {
      this.scroller.goTo(unread);
    } else {
      this.scroller.goToEnd();
    }
    this.#moved();
  }

  #arrived({ conversationId, html, version }) {
    if (conversationId !== this.conversationId) return;
    this.#receive(bubblesIn(html));
    this.cursor.see(version);
    this.#watchForGaps();
  }

  #acknowledged({ entry, html }) {
    if (entry.conversationId !== this.conversationId || !html) return;
    const bubbles = bubblesIn(html);
    this.#receive(bubbles);
    bubbles.forEach((bubble) => this.cursor.see(factsOf(bubble).version));
    this.#watchForGaps();
  }

  /** Takes in what is happening now, and keeps account of what the viewer has not seen. */
  #receive(bubbles) {
    const end = this.timeline.last?.position ?? 0;
    const news = bubbles.map(factsOf).filter(({ position, senderId }) => position > end && senderId !== viewerId);
    if (!isAttended()) news.forEach(({ id }) => this.divider.missed(id));
    if (!this.scroller.isNearEnd || this.timeline.hasNewer) this.jump.count(news.length);
    this.#takeIn(bubbles);
  }

  #takeIn(bubbles, options) {
    this.#change(() => bubbles.forEach((bubble) => this.#place(bubble, options)));
  }

  #change(mutate) {
    this.scroller.hold(() => {
      mutate();
      if (this.list.childElementCount > 0) this.querySelector("[data-empty]")?.remove();
      decorate(this.list, this.divider);
    });
    this.#moved();
  }

  #place(bubble, options) {
    const facts = factsOf(bubble);
    const decision = this.timeline.place(facts, options);
    this.pending.settle(facts.clientMessageId);
    if (decision.action === "replace") this.#bubble(facts.id).replaceWith(bubble);
    if (decision.action === "insert") {
      this.list.insertBefore(bubble, this.#bubble(decision.before) ?? this.pending.first);
    }
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

  #watchForGaps() {
    if (!this.cursor.hasGap || this.gapTimer) return;
    this.gapTimer = setTimeout(() => {
      this.gapTimer = null;
      if (this.cursor.hasGap) this.#catchUp();
    }, PATIENCE_WITH_GAPS);
  }

  /** What happened between the page's rendering, or the last connection, and this one. */
  #compare({ id, version }) {
    if (id === this.conversationId && version > this.cursor.version) this.#catchUp();
  }

  async #catchUp() {
    if (this.isCatchingUp) return;
    this.isCatchingUp = true;
    for await (const { bubbles, version, isTooMuch } of this.history.changesSince(this.cursor.version)) {
      if (!this.isConnected) break;
      this.#receive(bubbles);
      this.cursor.advance(version);
      if (isTooMuch) await this.#showLatest();
    }
    this.isCatchingUp = false;
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
    this.cursor.advance(page.version);
    this.pending.restore();
    this.#takeIn(page.bubbles, { page: true });
    this.scroller.goToEnd();
    history.replaceState(history.state, "", `/conversations/${this.conversationId}`);
  }

  /** Read by the viewer in another tab; or by the other of two, which the ticks show. */
  #read({ conversationId, userId, messageId }) {
    const message = conversationId === this.conversationId && this.timeline.get(messageId);
    if (!message) return;
    if (userId === viewerId) this.reading.advance(message.position);
    else if (this.dataset.type === "direct") markReadUpTo(this.list, message.position);
  }

  #bubble(id) {
    return id ? this.list.querySelector(`:scope > [data-message-id="${CSS.escape(id)}"]`) : null;
  }
}

customElements.define("message-list", MessageList);
