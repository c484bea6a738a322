import assert from "node:assert/strict";
import { test } from "node:test";
import { Timeline } from "../../static/js/lib/timeline.js";

const message = (position, version = position) => ({ id: `m${position}`, position, version });

function timelineOf(positions, options) {
  const timeline = new Timeline();
  positions.forEach((position) => timeline.place(message(position), { page: true }));
  return Object.assign(timeline, options);
}

test("puts messages in the order of their positions, whatever order they come in", () => {
  const timeline = timelineOf([]);
  assert.deepEqual(timeline.place(message(5)), { action: "insert", before: null });
  assert.deepEqual(timeline.place(message(2)), { action: "insert", before: "m5" });
  assert.deepEqual(timeline.place(message(3)), { action: "insert", before: "m5" });
  assert.deepEqual([timeline.first.id, timeline.last.id], ["m2", "m5"]);
});

test("a second arrival is stale unless its version is higher", () => {
  const timeline = timelineOf([1, 2]);
  assert.deepEqual(timeline.place(message(1)), { action: "stale" });
  assert.deepEqual(timeline.place(message(1, 9)), { action: "replace" });
  assert.deepEqual(timeline.place(message(1, 8)), { action: "stale" });
});

test("what lies beyond the loaded stretch does not stand beside a hole", () => {
  const timeline = timelineOf([10, 11], { hasOlder: true, hasNewer: true });
  assert.deepEqual(timeline.place(message(12)), { action: "beyond" });
  assert.deepEqual(timeline.place(message(9)), { action: "beyond" });
  assert.deepEqual(timeline.place(message(12), { page: true }), { action: "insert", before: null });
  timeline.hasNewer = false;
  assert.deepEqual(timeline.place(message(13)), { action: "insert", before: null });
});

test("a change to a message that stands is taken although there is more beyond", () => {
  const timeline = timelineOf([10], { hasOlder: true, hasNewer: true });
  assert.deepEqual(timeline.place(message(10, 40)), { action: "replace" });
});

test("another stretch begins from nothing", () => {
  const timeline = timelineOf([10], { hasNewer: true });
  timeline.reset({ hasOlder: true, hasNewer: false });
  assert.deepEqual([timeline.first, timeline.get("m10"), timeline.hasNewer], [undefined, undefined, false]);
  assert.deepEqual(timeline.place(message(90), { page: true }), { action: "insert", before: null });
});

test("what was taken out does not come back, whatever still arrives of it", () => {
  const timeline = timelineOf([1, 2, 3]);
  assert.equal(timeline.remove("m2"), "m3");
  assert.equal(timeline.remove("m3"), null);
  assert.deepEqual(timeline.place(message(2, 9)), { action: "stale" });
  assert.equal(timeline.last.id, "m1");
  assert.equal(timeline.remove("m7"), null);
  assert.deepEqual(timeline.place(message(7)), { action: "stale" });
});
