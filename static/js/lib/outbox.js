import { retryDelay } from "./backoff.js";
import { Emitter } from "./emitter.js";

/**
 * What was written and is not yet acknowledged. Entries are {id, conversationId, content, fields, createdAt, order, state,
 * error, code, offeredMinor}, state being "pending" or "failed"; they stand in the store until the server has the message or their author
 * discards them. `fields` is what goes with the text: {replyTo, quote, expiresIn, attachments, isVoice, paid}, each where there is one;
 * `paid` is the level and the price that its author has agreed to, {level, priceMinor, currency}. Where that has changed, the
 * entry fails and bears in `offeredMinor` the price as it is now: only trying it again by hand agrees to that.
 *
 * Emits `changed` {entry}, `acknowledged` {entry, html}, `removed` {entry} and `signed-out`.
 */
export class Outbox extends Emitter {
  #entries = new Map();
  #unsaved = new Set();
  #attempts = new Map();
  #timers = new Map();
  #busy = new Set();
  #halted = false;
  #lastOrder = 0;
  #store;
  #post;
  #withLock;
  #makeId;
  #now;
  #delay;

  constructor({ store, post, withLock = (_name, run) => run(), makeId = () => crypto.randomUUID(), now = Date.now,
    delay = retryDelay }) {
    super();
    this.#store = store;
    this.#post = post;
    this.#withLock = withLock;
    this.#makeId = makeId;
    this.#now = now;
    this.#delay = delay;
    this.#adopt(this.#stored());
  }

  /** The unacknowledged entries of one conversation, or of all, in the order in which they will be sent. */
  entries(conversationId) {
    return [...this.#entries.values()]
      .filter((entry) => conversationId === undefined || entry.conversationId === conversationId)
      .sort((a, b) => a.order - b.order);
  }

  /** Takes a message over for sending and answers its entry. */
  add(conversationId, content, fields = {}) {
    const entry = {
      id: this.#makeId(),
      conversationId,
      content,
      fields,
      createdAt: new Date(this.#now()).toISOString(),
      order: this.#nextOrder(),
      state: "pending",
      error: "",
      code: "",
    };
    this.#keep(entry);
    this.#pump(conversationId);
    return entry;
  }

  /** Sends a failed entry again, with its id, behind what was written since. */
  retry(id) {
    const entry = this.#entries.get(id);
    if (entry?.state !== "failed") return;
    const { offeredMinor, ...kept } = entry;
    const fields = offeredMinor ? { ...kept.fields, paid: { ...kept.fields.paid, priceMinor: offeredMinor } } : kept.fields;
    this.#keep({ ...kept, fields, state: "pending", error: "", code: "", order: this.#nextOrder() });
    this.flush();
  }

  /** Forgets a failed entry for good. */
  discard(id) {
    if (this.#entries.get(id)?.state === "failed") this.#drop(id, "removed");
  }

  /** The server has this message, whoever said so first. */
  acknowledge(id, html) {
    const conversationId = this.#entries.get(id)?.conversationId;
    if (conversationId === undefined) return;
    this.#drop(id, "acknowledged", { html });
    this.#wake(conversationId);
  }

  /** Tries at once whatever waits: the connection came back, or the page was opened. */
  flush() {
    this.#halted = false;
    for (const conversationId of this.#waiting()) this.#wake(conversationId);
  }

  /** Takes in what another tab has added, sent or given up. */
  sync() {
    const stored = this.#stored();
    const standing = new Set(stored.map((entry) => entry.id));
    for (const id of [...this.#entries.keys()]) {
      if (!standing.has(id) && !this.#unsaved.has(id)) this.#drop(id, "removed");
    }
    this.#adopt(stored);
    for (const conversationId of this.#waiting()) this.#pump(conversationId);
  }

  #wake(conversationId) {
    clearTimeout(this.#timers.get(conversationId));
    this.#timers.delete(conversationId);
    this.#pump(conversationId);
  }

  async #pump(conversationId) {
    if (this.#busy.has(conversationId) || this.#timers.has(conversationId) || this.#halted) return;
    this.#busy.add(conversationId);
    let goesOn = true;
    while (goesOn) goesOn = await this.#withLock(conversationId, () => this.#sendNext(conversationId));
    this.#busy.delete(conversationId);
    // Something may have been added between the last look and the lock's release.
    if (this.#next(conversationId)) this.#pump(conversationId);
  }

  async #sendNext(conversationId) {
    const entry = this.#next(conversationId);
    if (!entry) return false;
    if (this.#sentElsewhere(entry)) return true;
    const answer = await this.#post(entry);
    // Its event may have arrived on the socket before the answer did.
    if (!this.#entries.has(entry.id)) return true;
    return this.#settle(entry, answer);
  }

  #settle(entry, answer) {
    switch (answer.outcome) {
      case "sent":
        this.acknowledge(entry.id, answer.html);
        return true;
      case "rejected":
        this.#attempts.delete(entry.id);
        this.#keep({ ...entry, state: "failed", error: answer.message, code: answer.code ?? "", offeredMinor: answer.offeredMinor });
        return true;
      case "signed-out":
        this.#halted = true;
        this.emit("signed-out");
        return false;
      default:
        this.#wait(entry, answer.retryAfter);
        return false;
    }
  }

  #wait({ id, conversationId }, retryAfter) {
    const attempts = (this.#attempts.get(id) ?? 0) + 1;
    this.#attempts.set(id, attempts);
    const timer = setTimeout(() => this.#wake(conversationId), this.#delay(attempts, { retryAfter }));
    timer.unref?.();
    this.#timers.set(conversationId, timer);
  }

  #sentElsewhere(entry) {
    if (this.#unsaved.has(entry.id) || this.#store.get(entry.id)) return false;
    this.#drop(entry.id, "removed");
    return true;
  }

  #next(conversationId) {
    return this.entries(conversationId).find((entry) => entry.state === "pending");
  }

  #waiting() {
    return new Set(this.entries().filter((entry) => entry.state === "pending").map((entry) => entry.conversationId));
  }

  #nextOrder() {
    this.#lastOrder = Math.max(this.#now(), this.#lastOrder + 1);
    return this.#lastOrder;
  }

  #stored() {
    return this.#store.entries().map(([, entry]) => entry);
  }

  #adopt(stored) {
    for (const entry of stored) {
      const known = this.#entries.get(entry.id);
      this.#lastOrder = Math.max(this.#lastOrder, entry.order);
      if (known?.state === entry.state && known.order === entry.order) continue;
      this.#entries.set(entry.id, entry);
      this.emit("changed", { entry });
    }
  }

  #keep(entry) {
    this.#entries.set(entry.id, entry);
    if (this.#store.put(entry.id, entry)) this.#unsaved.delete(entry.id);
    else this.#unsaved.add(entry.id);
    this.emit("changed", { entry });
  }

  #drop(id, event, detail = {}) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    this.#unsaved.delete(id);
    this.#attempts.delete(id);
    this.#store.delete(id);
    this.emit(event, { entry, ...detail });
  }
}
