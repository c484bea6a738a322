const INTERVAL = 3_000;

/** Turns keystrokes into few signs to the others: a start every three seconds while typing, one stop. */
export class TypingSignal {
  #send;
  #now;
  #startedAt = null;

  constructor(send, now = Date.now) {
    this.#send = send;
    this.#now = now;
  }

  typed(text) {
    if (!text.trim()) return this.stop();
    const now = this.#now();
    if (this.#startedAt !== null && now - this.#startedAt < INTERVAL) return;
    // Where it could not be sent, the next keystroke tries again.
    if (this.#send("typing_start") !== false) this.#startedAt = now;
  }

  stop() {
    if (this.#startedAt === null) return;
    this.#startedAt = null;
    this.#send("typing_stop");
  }
}
