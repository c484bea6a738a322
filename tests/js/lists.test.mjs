import assert from "node:assert/strict";
import { test } from "node:test";
import { Drafts } from "../../static/js/lib/drafts.js";
import { KeyedStore } from "../../static/js/lib/keyed-store.js";
import { matchesFilter, previewText } from "../../static/js/lib/preview.js";
import { routeOf } from "../../static/js/lib/route.js";
import { UnreadCount } from "../../static/js/lib/unread-count.js";
import { MemoryStorage, recorded } from "./fakes.mjs";

test("a preview says who wrote where that is not plain", () => {
  const viewer = { viewerId: "1", you: "You" };
  const message = { senderId: "2", sender: { firstName: "Ada" }, messageType: "text" };
  const said = (changes, type) => previewText({ ...message, ...changes }, "one\n  two ", { ...viewer, type });
  assert.equal(said({}, "direct"), "one two");
  assert.equal(said({}, "group"), "Ada: one two");
  assert.equal(said({ senderId: "1" }, "group"), "You: one two");
  assert.equal(said({ messageType: "system" }, "group"), "one two");
});

test("a row is added only where its filter tab shows it", () => {
  const row = { type: "direct", unread: 0, archived: false };
  const shows = (changes, filter, query = "") => matchesFilter({ ...row, ...changes }, { filter, query });
  assert.equal(shows({}, "all"), true);
  assert.equal(shows({ archived: true }, "all"), false);
  assert.equal(shows({ archived: true }, "archived"), true);
  assert.equal(shows({}, "unread"), false);
  assert.equal(shows({ unread: 1 }, "unread"), true);
  assert.equal(shows({}, "groups"), false);
  assert.equal(shows({ type: "group" }, "groups"), true);
  assert.equal(shows({}, "all", "ada"), false);
});

test("the number of unread conversations follows their changes", () => {
  const unread = new UnreadCount(2);
  unread.learn("7", 3);
  unread.learn("8", 0);
  unread.change("7", 4);
  assert.equal(unread.total, 2);
  unread.change("8", 1);
  assert.equal(unread.total, 3);
  unread.change("7", 0);
  unread.change("7", 0);
  assert.equal(unread.total, 2);
});

test("rows that come again bring their change, and a full count stands by itself", () => {
  const unread = new UnreadCount(2);
  unread.learn("7", 3);
  unread.learn("7", 0);
  assert.equal(unread.total, 1);
  unread.reset(5);
  assert.equal(unread.total, 5);
});

test("counted by the server, what was known of each is old", () => {
  const unread = new UnreadCount(0);
  unread.learn("1", 0);
  unread.recount(1);
  unread.learn("1", 3);
  assert.equal(unread.total, 1);
  unread.change("1", 0);
  assert.equal(unread.total, 0);
});

test("a conversation never seen counts when its first message makes it unread", () => {
  const unread = new UnreadCount(2);
  unread.change("9", 1);
  assert.equal(unread.total, 3);
  unread.change("10", 5);
  assert.equal(unread.total, 3);
});

test("drafts outlive the page, and a blank one is none", () => {
  const store = new KeyedStore(new MemoryStorage(), "drafts.1");
  const drafts = new Drafts(store);
  const changes = recorded(drafts, "changed");
  drafts.set("7", "half a");
  drafts.set("7", "half a");
  assert.equal(new Drafts(store).get("7"), "half a");
  drafts.set("7", "  ");
  assert.equal(drafts.get("7"), "");
  assert.deepEqual(changes.map(({ text }) => text), ["half a", ""]);
});

test("one person's keys are not another's", () => {
  const storage = new MemoryStorage();
  const mine = new KeyedStore(storage, "drafts.1");
  const theirs = new KeyedStore(storage, "drafts.11");
  theirs.put("7", "x");
  assert.deepEqual([mine.get("7"), mine.entries()], [null, []]);
  assert.equal(mine.owns("drafts.11.7"), false);
  assert.equal(theirs.keyOf("drafts.11.7"), "7");
});

test("an address says which pane a phone shows", () => {
  assert.deepEqual(routeOf("/conversations"), { pane: "list", conversationId: null, messageId: null });
  assert.deepEqual(routeOf("/conversations/new"), { pane: "conversation", conversationId: null, messageId: null });
  assert.deepEqual(routeOf("/conversations/7"), { pane: "conversation", conversationId: "7", messageId: null });
  assert.deepEqual(routeOf("/conversations/7/messages/3"), { pane: "conversation", conversationId: "7", messageId: "3" });
  assert.deepEqual(routeOf("/conversations/7/details"), { pane: "details", conversationId: "7", messageId: null });
  assert.equal(routeOf("/settings"), null);
});
