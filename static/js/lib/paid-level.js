import { amount } from "./amount.js";

const HOUR = 60 * 60 * 1_000;

/** What a chosen level {value, priceMinor, answerHours, currency} costs: {level, priceMinor, currency}, null for a free one. */
export function costOf({ value, priceMinor, currency }) {
  return priceMinor ? { level: value, priceMinor: Number(priceMinor), currency } : null;
}

/** What its sender is promised at `now`: {price, dueAt}; the price as they read it. */
export function promiseOf({ priceMinor, answerHours, currency }, now) {
  return { price: amount(Number(priceMinor), currency), dueAt: new Date(now + Number(answerHours) * HOUR) };
}
