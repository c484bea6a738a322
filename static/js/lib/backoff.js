const FIRST = 1_000;
const LONGEST = 30_000;

/** Milliseconds before the attempt after `attempts` failed ones, spread so that clients do not return in step. */
export function retryDelay(attempts, { retryAfter = 0, random = Math.random } = {}) {
  const ceiling = Math.min(LONGEST, FIRST * 2 ** Math.max(0, attempts - 1));
  const spread = ceiling / 2 + (random() * ceiling) / 2;
  return retryAfter > 0 ? retryAfter + random() * FIRST : spread;
}

/** A Retry-After header (seconds or a date) in milliseconds; 0 when there is none. */
export function parseRetryAfter(header, now = Date.now()) {
  if (!header) return 0;
  const seconds = Number(header);
  const milliseconds = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000;
  return Math.max(0, milliseconds || 0);
}
