import assert from "node:assert/strict";
import { test } from "node:test";
import { Clockface } from "../../static/js/lib/clockface.js";
import { presenceWords } from "../../static/js/lib/last-seen.js";
import { Receipts } from "../../static/js/lib/receipts.js";

const at = (minute) => `2026-11-24T09:${String(minute).padStart(2, "0")}:00.000Z`;
const mark = (userId, more = {}) => ({ userId, joinedAt: at(0), readPosition: 0, seenAt: null, ...more });
const message = { position: 5, createdAt: at(30) };

test("with nobody else in it a message is sent", () => {
  assert.equal(new Receipts().statusOf(message), "sent");
});

test("delivered once everybody has been here since, read once everybody has read it", () => {
  const receipts = new Receipts([mark("1"), mark("2", { seenAt: at(29) })]);
  const seen = [receipts.statusOf(message)];
  receipts.delivered("1", at(30));
  seen.push(receipts.statusOf(message));
  receipts.delivered("2", at(31));
  seen.push(receipts.statusOf(message));
  receipts.read("1", 7);
  seen.push(receipts.statusOf(message));
  receipts.read("2", 5);
  seen.push(receipts.statusOf(message));
  assert.deepEqual(seen, ["sent", "sent", "delivered", "delivered", "read"]);
});

test("having read it is having received it", () => {
  const receipts = new Receipts([mark("1", { readPosition: 5 }), mark("2", { seenAt: at(40) })]);
  assert.equal(receipts.statusOf(message), "delivered");
});

test("who joined later does not count", () => {
  const receipts = new Receipts([mark("1", { readPosition: 5 }), mark("2", { joinedAt: at(31) })]);
  assert.equal(receipts.statusOf(message), "read");
});

test("marks only move forward, and strangers leave none", () => {
  const receipts = new Receipts([mark("1", { readPosition: 5, seenAt: at(35) })]);
  receipts.read("1", 2);
  receipts.delivered("1", at(10));
  receipts.read("9", 50);
  receipts.delivered("9", at(50));
  assert.equal(receipts.statusOf(message), "read");
});

test("of a large group only how far all have read is known", () => {
  const receipts = new Receipts([], 5);
  assert.equal(receipts.statusOf(message), "read");
  assert.equal(receipts.statusOf({ ...message, position: 6 }), "sent");
});

const words = { online: "online", justNow: "just now", minute: "a minute ago", minutes: "{count} minutes ago", at: "at {time}" };
const clockface = new Clockface({ locale: "en-GB", timeZone: "UTC", hourCycle: "h23" });
const now = Date.parse(at(50));
const say = (state) => presenceWords(state, { now, clockface, words });

test("last seen grows coarser with time", () => {
  const times = [[at(50), "just now"], [at(49), "a minute ago"], [at(48), "2 minutes ago"], ["2026-11-24T07:00:00.000Z", "at 07:00"]];
  for (const [lastSeenAt, said] of times) assert.equal(say({ isOnline: false, lastSeenAt }), said);
  assert.equal(say({ isOnline: false, lastSeenAt: "2026-11-21T07:00:00.000Z" }), "at 21 Nov, 07:00");
});

test("who is here is online; of who hides it nothing is said", () => {
  assert.equal(say({ isOnline: true, lastSeenAt: at(1) }), "online");
  assert.equal(say({ isOnline: false, lastSeenAt: null }), "");
});
