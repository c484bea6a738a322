import assert from "node:assert/strict";
import { test } from "node:test";

import { amount } from "../../static/js/lib/amount.js";
import { costOf, promiseOf } from "../../static/js/lib/paid-level.js";

const URGENT = { value: "urgent", priceMinor: "3000", answerHours: "4", currency: "USD" };

test("a level with a price costs it, a free one nothing", () => {
  assert.deepEqual(costOf(URGENT), { level: "urgent", priceMinor: 3000, currency: "USD" });
  assert.equal(costOf({ value: "normal", currency: "USD" }), null);
});

test("it promises an answer within its hours, counted from now", () => {
  const { price, dueAt } = promiseOf(URGENT, Date.parse("2026-11-22T14:24:00Z"));
  assert.equal(price, "$30.00");
  assert.equal(dueAt.toISOString(), "2026-11-22T18:24:00.000Z");
});

for (const [minor, currency, words] of [
  [3000, "USD", "$30.00"],
  [125_050, "USD", "$1,250.50"],
  [5, "EUR", "€0.05"],
  [100, "GBP", "£1.00"],
  [100, "CAD", "CA$1.00"],
  [100, "AUD", "A$1.00"],
  [100, "CHF", "CHF\u00a01.00"],
  [100, "INR", "₹1.00"],
  [100, "JPY", "JPY\u00a01.00"],
]) {
  test(`${minor} minor units of ${currency} read ${words}`, () => {
    assert.equal(amount(minor, currency), words);
  });
}
