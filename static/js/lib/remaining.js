const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Each unit reigns while more than `above` is left, so that a day reads "1 d" and then "23 h", never "24 h".
const UNITS = [
  { unit: "days", size: DAY, above: 23 * HOUR },
  { unit: "hours", size: HOUR, above: 59 * MINUTE },
  { unit: "minutes", size: MINUTE, above: 59 * SECOND },
  { unit: "seconds", size: SECOND, above: 0 },
];

/** The time left in one unit, rounded up, and in how many milliseconds that reads differently: {unit, count, next}. */
export function remaining(milliseconds) {
  const found = UNITS.find(({ above }) => milliseconds > above);
  if (!found) return { unit: "seconds", count: 0, next: Infinity };
  const count = Math.ceil(milliseconds / found.size);
  return { unit: found.unit, count, next: milliseconds - Math.max((count - 1) * found.size, found.above) };
}
