import { live } from "../socket.js";

const BEAT = 5_000;
// Longer than the minute for which browsers hold back the timers of a page in the background.
const SLEPT = 90_000;
let last = Date.now();

/** A timer that is late by so much means that the machine slept: the connection is most likely gone without a word. */
setInterval(() => {
  const now = Date.now();
  if (now - last > BEAT + SLEPT) live.reconnect();
  last = now;
}, BEAT);

// A page that comes back as it was left has missed what happened meanwhile.
addEventListener("pageshow", ({ persisted }) => persisted && live.reconnect());
