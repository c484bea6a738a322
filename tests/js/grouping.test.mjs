import assert from "node:assert/strict";
import { test } from "node:test";
import { groupPlaces } from "../../static/js/lib/grouping.js";

const MINUTE = 60_000;
const said = (senderId, minutes, section = "Monday") => ({ senderId, time: minutes * MINUTE, section });

test("consecutive messages of one person form a group", () => {
  assert.deepEqual(groupPlaces([said("1", 0), said("1", 1), said("1", 2), said("2", 3)]), ["first", "middle", "last", "single"]);
});

test("more than five minutes or a new section part them", () => {
  assert.deepEqual(groupPlaces([said("1", 0), said("1", 5), said("1", 11)]), ["first", "last", "single"]);
  assert.deepEqual(groupPlaces([said("1", 0), said("1", 1, "Tuesday")]), ["single", "single"]);
});

test("nothing has no groups", () => {
  assert.deepEqual(groupPlaces([]), []);
});
