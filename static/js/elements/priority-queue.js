import { fetchFragment, fetchWithStatus } from "../http.js";
import { element, parse, setAttribute } from "../html.js";
import { isBefore } from "../lib/queue-order.js";
import { enliven } from "../navigation.js";
import { openConversationId, serverNow, text, viewerId } from "../page.js";
import { live } from "../socket.js";
import { clockface } from "../state.js";
import { showUnread, unread } from "../unread.js";
import { LiveElement } from "./live-element.js";

const PAUSE_BEFORE_FETCH = 100;
const A_MINUTE = 60_000;
const QUEUE = "/priority";
const AROUND = ["queue-total", "queue-places"];

/** What an expert owes, kept current and grouped by the viewer's days: a purchase appears, an answered one leaves. */
class PriorityQueue extends LiveElement {
  connected(signal) {
    this.rows = this.querySelector("#owed-rows");
    this.fetches = new Map();
    const on = (source, name, handle) => source.addEventListener(name, ({ detail }) => handle(detail), { signal });
    on(live, "escrow_updated", ({ escrow }) => {
      if (escrow.expertId === viewerId) this.#refresh(escrow.id);
    });
    for (const name of ["message_received", "message_updated", "message_deleted"]) {
      on(live, name, ({ conversationId, message }) => this.#said(conversationId, message));
    }
    // The first time too: something may have happened since the page was rendered.
    on(live, "connected", () => this.#reload());
    on(document, "conversation-opened", () => this.#markCurrent());
    on(document, "conversation-read", (conversationId) => countRead(conversationId));
    const observer = new MutationObserver(() => this.#arrange());
    observer.observe(this.rows, { childList: true });
    signal.addEventListener("abort", () => observer.disconnect());
    this.days = setInterval(() => this.#arrange(), A_MINUTE);
    this.#arrange();
  }

  disconnected() {
    clearInterval(this.days);
    for (const timer of this.fetches.values()) clearTimeout(timer);
  }

  get #owed() {
    return [...this.rows.querySelectorAll(":scope > .queue-row")];
  }

  /** What the client writes may be the question. */
  #said(conversationId, message) {
    if (message.senderId === viewerId || message.messageType === "system") return;
    for (const row of this.#owed) {
      if (row.dataset.conversationId === conversationId) this.#refresh(idOf(row));
    }
  }

  #refresh(escrowId) {
    clearTimeout(this.fetches.get(escrowId));
    this.fetches.set(escrowId, setTimeout(() => this.#fetchRow(escrowId), PAUSE_BEFORE_FETCH));
  }

  async #fetchRow(escrowId) {
    const { html } = await fetchWithStatus(`${QUEUE}/escrows/${escrowId}`);
    if (!html || !this.isConnected) return;
    const change = parse(html);
    this.#showAround(change);
    const [standing, fresh] = [this.#row(escrowId), change.querySelector(".queue-row")];
    if (!fresh) standing?.remove();
    else if (standing) standing.replaceWith(fresh);
    else this.#insert(fresh);
    if (fresh?.isConnected) enliven(fresh);
  }

  #row(escrowId) {
    return this.rows.querySelector(`#owed-${CSS.escape(escrowId)}`);
  }

  /** How many wait, and how many more may come. */
  #showAround(change) {
    for (const id of AROUND) {
      const [standing, fresh] = [document.getElementById(id), change.getElementById(id)];
      if (!standing || !fresh || standing.contains(document.activeElement)) continue;
      standing.replaceWith(fresh);
      enliven(fresh);
    }
  }

  /** In its place; what comes after all that is loaded so far comes with the rest. */
  #insert(row) {
    const next = this.#owed.find((other) => isBefore(placeOf(row), placeOf(other)));
    const more = this.rows.querySelector(":scope > .more");
    if (next || !more) this.rows.insertBefore(row, next ?? null);
  }

  async #reload() {
    const html = await fetchFragment(QUEUE);
    if (html === null || !this.isConnected) return;
    const change = parse(html);
    this.#showAround(change);
    const [fresh, standing] = [change, this.rows].map((place) => [...place.querySelectorAll(".queue-row, .more")]);
    if (fresh.map(told).join() === standing.map(told).join()) return;
    this.rows.replaceChildren(...fresh);
    enliven(this.rows);
  }

  /** A heading where what is due today begins, and one where the later begins. */
  #arrange() {
    const today = clockface.dayKey(new Date(serverNow()));
    const isToday = (row) => clockface.dayKey(new Date(row.dataset.answerBy)) <= today;
    const rows = this.#owed;
    this.#head("today", rows.find(isToday));
    this.#head("later", rows.find((row) => !isToday(row)));
    this.#markCurrent();
  }

  #head(name, first) {
    const standing = this.rows.querySelector(`:scope > [data-group="${name}"]`);
    if (!first) return standing?.remove();
    if (standing && standing.nextElementSibling === first) return;
    const heading = standing ?? element("li", { class: "queue-group", "data-group": name }, element("h2", {}, text(`queue-${name}`)));
    first.before(heading);
  }

  #markCurrent() {
    const open = openConversationId();
    for (const row of this.#owed) {
      setAttribute(row.querySelector("a"), "aria-current", row.dataset.conversationId === open ? "page" : null);
    }
  }
}

/** There is no list here that knows how much was unread before. */
function countRead(conversationId) {
  const { firstUnread } = document.querySelector("message-list")?.dataset ?? {};
  unread.learn(conversationId, firstUnread ? 1 : 0);
  unread.change(conversationId, 0);
  showUnread();
}

/** What a row says, so that nothing flickers where it says the same. */
const told = (row) => [row.id, row.dataset.online, row.querySelector(".queue-question")?.textContent].join();

const idOf = (row) => row.id.replace("owed-", "");

const placeOf = (row) => ({ ...row.dataset, id: idOf(row) });

customElements.define("priority-queue", PriorityQueue);
