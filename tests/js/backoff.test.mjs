import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRetryAfter, retryDelay } from "../../static/js/lib/backoff.js";

test("doubles up to half a minute, half of it by chance", () => {
  assert.deepEqual([1, 2, 3].map((attempts) => retryDelay(attempts, { random: () => 0 })), [500, 1_000, 2_000]);
  assert.deepEqual([1, 2, 50].map((attempts) => retryDelay(attempts, { random: () => 1 })), [1_000, 2_000, 30_000]);
});

test("never comes back before Retry-After", () => {
  assert.equal(retryDelay(1, { retryAfter: 5_000, random: () => 0 }), 5_000);
});

test("reads Retry-After in seconds, as a date, or not at all", () => {
  const now = Date.parse("2026-11-22T09:30:00Z");
  assert.equal(parseRetryAfter("3"), 3_000);
  assert.equal(parseRetryAfter("Sun, 22 Nov 2026 09:30:10 GMT", now), 10_000);
  assert.equal(parseRetryAfter("Sun, 22 Nov 2026 09:29:00 GMT", now), 0);
  assert.deepEqual([null, "", "soon"].map((header) => parseRetryAfter(header)), [0, 0, 0]);
});
