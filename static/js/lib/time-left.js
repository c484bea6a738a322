const MINUTE = 60_000;
const HOURS_OF_A_DAY = 24;

/**
 * A time left in its one or two largest units, rounded down, as [{unit, count}]. It counts hours up to `mostHours`, and days
 * beyond: a deadline reads "47 h", a window "1 d 23 h".
 */
export function timeLeft(milliseconds, { mostHours = HOURS_OF_A_DAY } = {}) {
  const minutes = Math.max(Math.floor(milliseconds / MINUTE), 1);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return [{ unit: "minutes", count: minutes }];
  const parts = hours < mostHours
    ? [{ unit: "hours", count: hours }, { unit: "minutes", count: minutes % 60 }]
    : [{ unit: "days", count: Math.floor(hours / HOURS_OF_A_DAY) }, { unit: "hours", count: hours % HOURS_OF_A_DAY }];
  return parts.filter(({ count }) => count > 0);
}
