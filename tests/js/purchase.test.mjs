import assert from "node:assert/strict";
import { test } from "node:test";

import { isOpen, standingOf } from "../../static/js/lib/purchase.js";
import { timeLeft } from "../../static/js/lib/time-left.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.parse("2026-11-18T06:29:00.000Z");
const at = (after) => new Date(START + after).toISOString();

const held = { state: "held", boughtAt: at(0), answerBy: at(40 * HOUR), answeredAt: "", expiresAt: at(7 * DAY) };
const answered = { ...held, state: "answered", answeredAt: at(3 * HOUR), expiresAt: at(3 * HOUR + 8 * DAY) };

for (const [name, purchase, after, phase, share, isPressing] of [
  ["is full when bought", held, 0, "owed", 1, false],
  ["a clock that lags shows no more than all", held, -HOUR, "owed", 1, false],
  ["drains to the deadline", held, 30 * HOUR, "owed", 0.25, false],
  ["presses in the last fifth", held, 32 * HOUR, "owed", 0.2, true],
  ["does not press just before", held, 32 * HOUR - 1, "owed", 0.2, false],
  ["is empty at the deadline", held, 40 * HOUR, "owed", 0, true],
  ["stays owed until the server says otherwise", held, 41 * HOUR, "owed", 0, true],
  ["is full again when answered", answered, 3 * HOUR, "open", 1, false],
  ["drains with the window, which never presses", answered, 3 * HOUR + 7 * DAY, "open", 0.125, false],
  ["closes with the window", answered, 3 * HOUR + 8 * DAY, "closed", 0, false],
  ["the window outlives what was paid out", { ...answered, state: "released" }, 3 * HOUR + 4 * DAY, "open", 0.5, false],
  ["a dispute leaves the window as it is", { ...answered, state: "disputed" }, 3 * HOUR + 4 * DAY, "disputed", 0.5, false],
  ["a dispute outlives the window", { ...answered, state: "disputed" }, 20 * DAY, "disputed", 0, false],
  ["nothing is left once refunded", { ...answered, state: "refunded" }, 3 * HOUR, "refunded", 0, false],
  ["what has no window is closed once answered", { ...answered, expiresAt: "" }, 4 * HOUR, "closed", 0, false],
]) {
  test(`a purchase ${name}`, () => {
    const standing = standingOf(purchase, START + after);
    assert.equal(standing.phase, phase);
    assert.equal(standing.isPressing, isPressing);
    assert.ok(Math.abs(standing.share - share) < 1e-6, String(standing.share));
  });
}

test("the client may write while an answer is owed or the window runs", () => {
  assert.equal(isOpen(held, START), true);
  assert.equal(isOpen(held, START + 41 * HOUR), false);
  assert.equal(isOpen(answered, START + 5 * DAY), true);
  assert.equal(isOpen({ ...answered, state: "disputed" }, START + 5 * DAY), true);
  assert.equal(isOpen({ ...answered, state: "refunded" }, START + 5 * DAY), false);
  assert.equal(isOpen(answered, START + 9 * DAY), false);
});

for (const [left, mostHours, words] of [
  [0, 72, "1 minutes"],
  [30_000, 72, "1 minutes"],
  [48 * MINUTE, 72, "48 minutes"],
  [HOUR, 72, "1 hours"],
  [5 * HOUR + 12 * MINUTE + 59_000, 72, "5 hours 12 minutes"],
  [31 * HOUR + 6 * MINUTE, 72, "31 hours 6 minutes"],
  [72 * HOUR, 72, "3 days"],
  [76 * HOUR, 72, "3 days 4 hours"],
  [5 * DAY + 19 * HOUR + 59 * MINUTE, 24, "5 days 19 hours"],
  [23 * HOUR + 5 * MINUTE, 24, "23 hours 5 minutes"],
]) {
  test(`${left} ms, in hours up to ${mostHours}, are ${words}`, () => {
    assert.equal(timeLeft(left, { mostHours }).map(({ unit, count }) => `${count} ${unit}`).join(" "), words);
  });
}
