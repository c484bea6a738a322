import assert from "node:assert/strict";
import { test } from "node:test";
import { VersionCursor } from "../../static/js/lib/version-cursor.js";

test("follows consecutive versions without a gap", () => {
  const cursor = new VersionCursor(17);
  cursor.see(18);
  cursor.see(19);
  assert.deepEqual([cursor.version, cursor.hasGap], [19, false]);
});

test("a skipped number is a gap until it arrives", () => {
  const cursor = new VersionCursor(17);
  cursor.see(20);
  cursor.see(19);
  assert.deepEqual([cursor.version, cursor.hasGap], [17, true]);
  cursor.see(18);
  assert.deepEqual([cursor.version, cursor.hasGap], [20, false]);
});

test("what is seen twice or late changes nothing", () => {
  const cursor = new VersionCursor(17);
  for (const version of [18, 18, 3, 17]) cursor.see(version);
  assert.deepEqual([cursor.version, cursor.hasGap], [18, false]);
});

test("catching up closes the gap, and what came beyond it counts", () => {
  const cursor = new VersionCursor(17);
  cursor.see(21);
  cursor.see(24);
  cursor.advance(20);
  assert.deepEqual([cursor.version, cursor.hasGap], [21, true]);
  cursor.advance(24);
  assert.deepEqual([cursor.version, cursor.hasGap], [24, false]);
  cursor.advance(5);
  assert.equal(cursor.version, 24);
});
