import assert from "node:assert/strict";
import { test } from "node:test";
import { allowedActions } from "../../static/js/lib/allowed-actions.js";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const BEFORE = "2026-11-22T11:59:59Z";
const AFTER = "2026-11-22T12:00:01Z";
const ME = { id: "1", isAdmin: false, canWrite: true };
const ADMIN = { ...ME, isAdmin: true };
const MINE = { senderId: "1", type: "text", state: "sent", canEditUntil: AFTER };
const THEIRS = { senderId: "2", type: "text", canEditUntil: AFTER };

const allowed = (message, viewer = ME) => allowedActions(message, viewer, NOW);

test("anybody's message can be answered, copied, forwarded, pinned, hidden and reported", () => {
  assert.deepEqual([...allowed(THEIRS)], ["react", "reply", "copy-text", "copy-link", "forward", "pin", "hide", "report"]);
  assert.ok(!allowed(MINE).has("report"));
});

test("one's own can be edited while its time lasts, and deleted for everyone", () => {
  assert.ok(allowed(MINE).has("edit"));
  assert.ok(allowed(MINE).has("delete"));
  assert.ok(!allowed({ ...MINE, canEditUntil: BEFORE }).has("edit"));
  assert.ok(!allowed(THEIRS).has("edit"));
});

test("an admin deletes others' messages, but does not edit them", () => {
  assert.ok(allowed(THEIRS, ADMIN).has("delete"));
  assert.ok(!allowed(THEIRS, ADMIN).has("edit"));
});

test("what depends on the message's state", () => {
  const actions = allowed({ ...MINE, isPinned: true, isEdited: true, hasPreview: true });
  for (const action of ["unpin", "history", "remove-preview"]) assert.ok(actions.has(action), action);
  assert.ok(!actions.has("pin"));
  assert.ok(!allowed({ ...THEIRS, hasPreview: true }).has("remove-preview"));
  assert.ok(!allowed(THEIRS, { ...ME, canWrite: false }).has("reply"));
});

test("a deleted one comes back by who deleted it or an admin, while there is time", () => {
  const gone = { ...MINE, isDeleted: true, deletedBy: "1", restorableUntil: AFTER };
  assert.deepEqual([...allowed(gone)], ["restore", "hide"]);
  assert.deepEqual([...allowed({ ...gone, restorableUntil: BEFORE })], ["hide"]);
  assert.deepEqual([...allowed({ ...gone, restorableUntil: undefined })], ["hide"]);
  assert.deepEqual([...allowed({ ...gone, deletedBy: "2" })], ["hide"]);
  assert.ok(allowed({ ...gone, deletedBy: "2" }, ADMIN).has("restore"));
});

test("a system line offers nothing, nor does what is still on its way", () => {
  for (const message of [{ ...THEIRS, type: "system" }, { ...MINE, state: "pending" }, { ...MINE, state: "failed" }]) {
    assert.equal(allowed(message, ADMIN).size, 0);
  }
});
