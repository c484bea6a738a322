const LAST_FIFTH = 0.2;

/**
 * How a purchase {state, boughtAt, answerBy, answeredAt, expiresAt} stands at `now` (milliseconds), as
 * {phase, share, left, isPressing}. The phase is "owed" (an answer is), "open" (the window runs), "disputed", "refunded" or
 * "closed"; `share` is what is left of the time to answer or of the window, from 1 to 0, and `left` that in milliseconds.
 * In the last fifth before a deadline it presses; a window that ends does not.
 */
export function standingOf({ state, boughtAt, answerBy, answeredAt, expiresAt }, now) {
  if (state === "refunded") return { phase: "refunded", share: 0, left: 0, isPressing: false };
  if (state === "held") {
    const time = timeLeft(boughtAt, answerBy, now);
    return { phase: "owed", ...time, isPressing: time.share <= LAST_FIFTH };
  }
  const time = timeLeft(answeredAt, expiresAt, now);
  const phase = time.left > 0 ? "open" : "closed";
  return { phase: state === "disputed" ? "disputed" : phase, ...time, isPressing: false };
}

/** Whether its client may write. */
export function isOpen(purchase, now) {
  const { phase, left } = standingOf(purchase, now);
  return phase !== "refunded" && left > 0;
}

function timeLeft(from, until, now) {
  const [start, end] = [Date.parse(from), Date.parse(until)];
  const left = Math.max(end - now, 0) || 0;
  return { left, share: left > 0 ? Math.min(left / (end - start), 1) : 0 };
}
