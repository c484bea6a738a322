import { fetchFragment, fetchWithStatus } from "../http.js";
import { parse, setAttribute } from "../html.js";
import { matchesFilter } from "../lib/preview.js";
import { enliven, visitList } from "../navigation.js";
import { isAttended, openConversationId, viewerId } from "../page.js";
import { live } from "../socket.js";
import { drafts, outbox, typists } from "../state.js";
import { showUnread, unread } from "../unread.js";
import {
  endMutes, factsOf, showLatest, showPreview, showStatus, showUnreadCount, unreadOf, wordsOf,
} from "./conversation-list/row.js";
import { LiveElement } from "./live-element.js";

const MOST_UNREAD = 1_000;
const GONE = 404;
const PAUSE_BEFORE_FETCH = 100;
const A_WHILE = 15_000;
const SHOWN = ["lastMessageAt", "unread", "muted", "markedUnread", "level", "status", "online", "lastSeenAt", "purchase"];

/** The viewer's conversations, kept current: previews, unread numbers, order, who types, what is unsent. */
class ConversationList extends LiveElement {
  connected(signal) {
    this.rows = this.querySelector("#conversation-rows");
    this.latest = new Map();
    this.fetches = new Map();
    this.#listen(signal);
    const observer = new MutationObserver((changes) => changes.forEach(({ addedNodes }) => this.#dress(addedNodes)));
    observer.observe(this.rows, { childList: true });
    signal.addEventListener("abort", () => observer.disconnect());
    this.#dress(this.rows.children);
    this.muteWatch = setInterval(() => endMutes(this.rows), A_WHILE);
  }

  disconnected() {
    clearInterval(this.muteWatch);
    for (const timer of this.fetches.values()) clearTimeout(timer);
  }

  #listen(signal) {
    const on = (source, name, handle) => source.addEventListener(name, ({ detail }) => handle(detail), { signal });
    on(live, "message_received", (detail) => this.#messageReceived(detail));
    on(live, "message_updated", (detail) => this.#messageChanged(detail));
    on(live, "message_deleted", (detail) => this.#messageChanged(detail));
    on(live, "messages_read", (detail) => this.#read(detail));
    on(live, "messages_delivered", (detail) => this.#cameOn(detail, "delivered"));
    on(live, "conversation_created", ({ conversation }) => this.#refresh(conversation.id));
    on(live, "conversation_updated", ({ conversation }) => this.#refresh(conversation.id));
    on(live, "conversation_settings_updated", ({ conversation }) => this.#refresh(conversation.id));
    on(live, "escrow_updated", ({ escrow }) => this.#refresh(escrow.conversationId));
    // The first time too: something may have happened since the page was rendered.
    on(live, "connected", () => this.#reload());
    on(typists, "changed", ({ conversationId }) => this.#showPreview(conversationId));
    on(drafts, "changed", ({ conversationId }) => this.#showPreview(conversationId));
    for (const name of ["changed", "acknowledged", "removed"]) {
      on(outbox, name, ({ entry }) => this.#showPreview(entry.conversationId));
    }
    on(document, "conversation-read", (conversationId) => this.#setUnread(conversationId, 0));
    on(document, "conversation-opened", () => this.#dress(this.rows.children));
  }

  get #query() {
    return this.querySelector("[data-search]")?.value.trim() ?? "";
  }

  get #filter() {
    return this.rows.dataset.filter ?? "all";
  }

  get #address() {
    return `/conversations?${new URLSearchParams({ filter: this.#filter, query: this.#query })}`;
  }

  /** Rows come from the server for any viewer's state but this browser's: adds what only is known here. */
  #dress(nodes) {
    const open = openConversationId();
    for (const row of nodes) {
      if (!row.matches?.(".row")) continue;
      unread.learn(row.dataset.conversationId, unreadOf(row));
      const current = row.dataset.conversationId === open ? "page" : null;
      setAttribute(row, "aria-current", current);
      setAttribute(row.querySelector("a"), "aria-current", current);
      showPreview(row);
    }
    showUnread();
  }

  #messageReceived({ conversationId, message, html }) {
    if (message.position <= (this.latest.get(conversationId) ?? 0)) return;
    this.latest.set(conversationId, message.position);
    const row = this.#row(conversationId);
    if (!row) return this.#refresh(conversationId);
    if (message.createdAt < row.dataset.lastMessageAt) return;
    if (this.#isNews(message, conversationId)) this.#setUnread(conversationId, Number(row.dataset.unread) + 1);
    showLatest(row, message, wordsOf(html));
    this.#moveToTop(row);
  }

  #isNews(message, conversationId) {
    const isBeforeTheEyes = conversationId === openConversationId() && isAttended();
    return message.senderId !== viewerId && message.messageType !== "system" && !isBeforeTheEyes;
  }

  #messageChanged({ conversationId, message }) {
    if (this.#row(conversationId)?.dataset.lastMessageAt === message.createdAt) this.#refresh(conversationId);
  }

  #read(detail) {
    const { conversationId, userId } = detail;
    if (userId !== viewerId) this.#cameOn(detail, "read");
    // How much is left unread after a partial reading only the server knows.
    else if (conversationId !== openConversationId()) this.#refresh(conversationId);
    else this.#setUnread(conversationId, 0);
  }

  /** The last message has reached somebody; whether that was the last one of a group, the server knows. */
  #cameOn({ conversationId, messageId }, status) {
    const row = this.#row(conversationId);
    if (row?.dataset.peerId) showStatus(row, messageId, status);
    else if (row?.dataset.status && row.dataset.status !== "read") this.#refresh(conversationId);
  }

  #setUnread(conversationId, count) {
    const row = this.#row(conversationId);
    if (row) showUnreadCount(row, Math.min(count, MOST_UNREAD));
    unread.change(conversationId, count);
    showUnread();
  }

  #showPreview(conversationId) {
    const row = this.#row(conversationId);
    if (row) showPreview(row);
  }

  #refresh(conversationId) {
    clearTimeout(this.fetches.get(conversationId));
    this.fetches.set(conversationId, setTimeout(() => this.#fetchRow(conversationId), PAUSE_BEFORE_FETCH));
  }

  async #fetchRow(conversationId) {
    const { status, html } = await fetchWithStatus(`/conversations/${conversationId}/row`);
    if (!this.isConnected) return;
    const standing = this.#row(conversationId);
    if (status === GONE) this.#lost(conversationId, standing);
    const row = html ? parse(html).querySelector(".row") : null;
    if (!row) return;
    unread.change(conversationId, unreadOf(row));
    if (standing) standing.replaceWith(row);
    if (conversationId === openConversationId()) this.#retitle(row);
    if (standing || matchesFilter(factsOf(row), { filter: this.#filter, query: this.#query })) this.#insert(row);
    showUnread();
  }

  /** The viewer no longer belongs to it. */
  #lost(conversationId, row) {
    row?.remove();
    unread.change(conversationId, 0);
    showUnread();
    if (conversationId === openConversationId()) visitList();
  }

  /** The open conversation's header bears the name of its row. */
  #retitle(row) {
    const heading = document.querySelector("[data-conversation-title]");
    if (heading) heading.textContent = row.querySelector("[data-title]").textContent;
  }

  #insert(row) {
    const at = row.dataset.lastMessageAt;
    const older = [...this.rows.querySelectorAll(":scope > .row")]
      .find((other) => other !== row && (!at || other.dataset.lastMessageAt < at));
    this.rows.querySelector(":scope > [data-empty]")?.remove();
    const fallback = this.rows.querySelector(":scope > :not(.row)");
    if (row.nextElementSibling !== (older ?? fallback) || !row.isConnected) this.rows.insertBefore(row, older ?? fallback);
    enliven(row);
  }

  #moveToTop(row) {
    const first = this.rows.querySelector(":scope > .row");
    if (first === row) return;
    const focused = row.contains(document.activeElement) ? document.activeElement : null;
    this.rows.insertBefore(row, first);
    focused?.focus({ preventScroll: true });
  }

  async #reload() {
    const address = this.#address;
    const html = await fetchFragment(address, { target: "ol#conversation-rows" });
    // Another tab or search chosen in the meantime brings its own rows.
    if (html === null || !this.isConnected || address !== this.#address) return;
    const fresh = [...parse(html).children].map((row) => this.#sameAs(row) ?? row);
    const isNews = fresh.length !== this.rows.childElementCount || fresh.some((row, index) => row !== this.rows.children[index]);
    if (isNews) {
      this.rows.replaceChildren(...fresh);
      enliven(this.rows);
    }
    if (this.#filter === "all" && !this.#query && !this.rows.querySelector(".more")) this.#countAnew();
  }

  /** The standing row that shows what a fresh one would, so that nothing flickers. */
  #sameAs(fresh) {
    const standing = fresh.id ? this.rows.querySelector(`:scope > #${CSS.escape(fresh.id)}`) : null;
    const title = (row) => row.querySelector("[data-title]")?.textContent;
    // A message may have come while the answer was on its way.
    if (standing?.dataset.lastMessageAt > fresh.dataset.lastMessageAt) return standing;
    const isSame = standing && SHOWN.every((key) => standing.dataset[key] === fresh.dataset[key])
      && title(standing) === title(fresh);
    return isSame ? standing : null;
  }

  /** With every conversation before us, the number of unread ones needs no memory. */
  #countAnew() {
    unread.reset(this.rows.querySelectorAll(":scope > .row:is([data-marked-unread], :not([data-unread='0']))").length);
    showUnread();
  }

  #row(conversationId) {
    return this.rows.querySelector(`:scope > [data-conversation-id="${CSS.escape(conversationId)}"]`);
  }
}

customElements.define("conversation-list", ConversationList);
