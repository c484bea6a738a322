import assert from "node:assert/strict";
import { test } from "node:test";

import { remaining } from "../../static/js/lib/remaining.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

for (const [left, count, unit, next] of [
  [7 * DAY, 7, "days", DAY],
  [2 * DAY - 1, 2, "days", DAY - 1],
  [DAY, 1, "days", HOUR],
  [23 * HOUR, 23, "hours", HOUR],
  [HOUR, 1, "hours", MINUTE],
  [59 * MINUTE, 59, "minutes", MINUTE],
  [MINUTE + 1, 2, "minutes", 1],
  [MINUTE, 1, "minutes", SECOND],
  [59 * SECOND, 59, "seconds", SECOND],
  [1, 1, "seconds", 1],
  [0, 0, "seconds", Infinity],
  [-DAY, 0, "seconds", Infinity],
]) {
  test(`${left} ms are ${count} ${unit}`, () => {
    assert.deepEqual(remaining(left), { unit, count, next });
  });
}

test("looked at whenever it says so, it counts down without a gap", () => {
  const seen = [];
  for (let left = 2 * HOUR; left > 0;) {
    const { unit, count, next } = remaining(left);
    seen.push(`${count} ${unit}`);
    left -= next;
  }
  assert.equal(seen.length, 2 + 59 + 59);
  assert.equal(new Set(seen).size, seen.length);
});
