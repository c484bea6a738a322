import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { KeyedStore } from "../../static/js/lib/keyed-store.js";
import { Outbox } from "../../static/js/lib/outbox.js";
import { MemoryStorage, recorded, scriptedPost, settled, until } from "./fakes.mjs";

const SENT = { outcome: "sent", html: "<li>" };
const LATER = { outcome: "later", retryAfter: 0 };
const REJECTED = { outcome: "rejected", message: "Too long." };

let storage;
let server;

beforeEach(() => {
  storage = new MemoryStorage();
  server = scriptedPost();
});

const openOutbox = (options = {}) => new Outbox({
  store: new KeyedStore(storage, "outbox.1"), post: server.post, delay: () => 0, ...options,
});
const called = (times) => until(() => server.calls.length === times);

test("an entry is pending and stored at once, before any answer", () => {
  const outbox = openOutbox();
  const entry = outbox.add("7", "hello");
  assert.equal(entry.state, "pending");
  assert.match(entry.id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(openOutbox().entries("7").map(({ id }) => id), [entry.id]);
});

test("what goes with the text is kept with it, through a retry and another visit", async () => {
  const fields = { replyTo: "5", quote: { id: "5", name: "Ada", text: "Shall we?" }, expiresIn: "60" };
  const outbox = openOutbox();
  const entry = outbox.add("7", "hello", fields);
  server.calls[0].answer(REJECTED);
  await settled();
  outbox.retry(entry.id);
  assert.deepEqual(server.calls[1].entry.fields, fields);
  assert.deepEqual(openOutbox().entries("7").map((kept) => kept.fields), [fields]);
});

test("an answer acknowledges it, hands on its bubble and forgets it", async () => {
  const outbox = openOutbox();
  const acknowledged = recorded(outbox, "acknowledged");
  const entry = outbox.add("7", "hello");
  server.calls[0].answer(SENT);
  await settled();
  assert.deepEqual(acknowledged, [{ entry, html: "<li>" }]);
  assert.deepEqual(outbox.entries(), []);
  assert.equal(storage.length, 0);
});

test("messages of one conversation go one after the other, other conversations do not wait", async () => {
  const outbox = openOutbox();
  outbox.add("7", "one");
  outbox.add("7", "two");
  outbox.add("8", "elsewhere");
  assert.deepEqual(server.contents(), ["one", "elsewhere"]);
  server.calls[0].answer(SENT);
  await settled();
  assert.deepEqual(server.contents(), ["one", "elsewhere", "two"]);
});

test("what could not be delivered is repeated with its id, and what follows waits for it", async () => {
  const outbox = openOutbox();
  const entry = outbox.add("7", "one");
  outbox.add("7", "two");
  server.calls[0].answer(LATER);
  await called(2);
  assert.deepEqual(server.contents(), ["one", "one"]);
  assert.equal(server.calls[1].entry.id, entry.id);
  server.calls[1].answer(SENT);
  await settled();
  assert.deepEqual(server.contents(), ["one", "one", "two"]);
});

test("the server's Retry-After and the number of attempts reach the back-off", async () => {
  const asked = [];
  const outbox = openOutbox({ delay: (attempts, { retryAfter }) => asked.push([attempts, retryAfter]) && 0 });
  outbox.add("7", "one");
  server.calls[0].answer({ outcome: "later", retryAfter: 2_000 });
  await called(2);
  server.calls[1].answer(LATER);
  await settled();
  assert.deepEqual(asked, [[1, 2_000], [2, 0]]);
});

test("flush tries at once what waits", async () => {
  const outbox = openOutbox({ delay: () => 60_000 });
  outbox.add("7", "one");
  server.calls[0].answer(LATER);
  await settled();
  outbox.flush();
  assert.deepEqual(server.contents(), ["one", "one"]);
});

test("the socket's acknowledgement ends the pause that its lost answer began", async () => {
  const outbox = openOutbox({ delay: () => 60_000 });
  const { id } = outbox.add("7", "one");
  server.calls[0].answer(LATER);
  await settled();
  outbox.acknowledge(id);
  outbox.add("7", "two");
  await settled();
  assert.deepEqual(server.contents(), ["one", "two"]);
});

test("a refusal fails the entry with the server's words and lets the next one pass", async () => {
  const outbox = openOutbox();
  outbox.add("7", "one");
  outbox.add("7", "two");
  server.calls[0].answer(REJECTED);
  await settled();
  assert.deepEqual(outbox.entries("7").map(({ state, error }) => [state, error]), [["failed", "Too long."], ["pending", ""]]);
  assert.deepEqual(server.contents(), ["one", "two"]);
});

test("a failed entry is sent again with its id, behind what was written since", async () => {
  const outbox = openOutbox();
  const failed = outbox.add("7", "one");
  server.calls[0].answer(REJECTED);
  await settled();
  outbox.add("7", "two");
  outbox.retry(failed.id);
  assert.deepEqual(outbox.entries("7").map(({ content }) => content), ["two", "one"]);
  server.calls[1].answer(SENT);
  await settled();
  assert.equal(server.calls[2].entry.id, failed.id);
});

test("only a failed entry can be discarded", async () => {
  const outbox = openOutbox();
  const { id } = outbox.add("7", "one");
  outbox.discard(id);
  assert.equal(outbox.entries().length, 1);
  server.calls[0].answer(REJECTED);
  await settled();
  outbox.discard(id);
  assert.equal(outbox.entries().length, 0);
  assert.equal(storage.length, 0);
});

test("the socket may acknowledge before the answer, and the answer then changes nothing", async () => {
  const outbox = openOutbox();
  const acknowledged = recorded(outbox, "acknowledged");
  const { id } = outbox.add("7", "one");
  outbox.acknowledge(id);
  for (const answer of [LATER, REJECTED]) server.calls[0].answer(answer);
  await settled();
  assert.equal(acknowledged.length, 1);
  assert.deepEqual(outbox.entries(), []);
  assert.equal(server.calls.length, 1);
});

test("the next visit sends what the last one left, in order and with the same ids", async () => {
  const earlier = openOutbox({ post: () => new Promise(() => {}) });
  const ids = [earlier.add("7", "one").id, earlier.add("7", "two").id];
  const outbox = openOutbox();
  outbox.flush();
  server.calls[0].answer(SENT);
  await settled();
  assert.deepEqual(server.calls.map(({ entry }) => entry.id), ids);
});

test("a stranger's answer stops the sending and keeps everything", async () => {
  const outbox = openOutbox();
  const signedOut = recorded(outbox, "signed-out");
  outbox.add("7", "one");
  server.calls[0].answer({ outcome: "signed-out" });
  await settled();
  outbox.add("7", "two");
  assert.equal(signedOut.length, 1);
  assert.equal(server.calls.length, 1);
  assert.deepEqual(openOutbox().entries("7").map(({ state }) => state), ["pending", "pending"]);
});

test("what another tab has sent meanwhile is not sent again", async () => {
  const one = openOutbox({ post: () => new Promise(() => {}) });
  const entry = one.add("7", "one");
  const outbox = openOutbox();
  one.acknowledge(entry.id);
  outbox.flush();
  await settled();
  assert.equal(server.calls.length, 0);
  assert.deepEqual(outbox.entries(), []);
});

test("sync takes in another tab's entries and losses", () => {
  const outbox = openOutbox();
  const changed = recorded(outbox, "changed");
  const removed = recorded(outbox, "removed");
  const other = openOutbox({ post: () => new Promise(() => {}) });
  const entry = other.add("7", "one");
  outbox.sync();
  assert.deepEqual(changed.map((detail) => detail.entry.id), [entry.id]);
  other.acknowledge(entry.id);
  outbox.sync();
  assert.deepEqual(removed.map((detail) => detail.entry.id), [entry.id]);
});

test("without a storage everything still goes out once", async () => {
  const outbox = openOutbox({ store: new KeyedStore(undefined, "outbox.1") });
  outbox.add("7", "one");
  outbox.sync();
  server.calls[0].answer(LATER);
  await called(2);
  server.calls[1].answer(SENT);
  await settled();
  assert.deepEqual(outbox.entries(), []);
  assert.equal(server.calls.length, 2);
});

test("something added while the lock is being released is not forgotten", async () => {
  let release;
  const withLock = async (name, run) => {
    const result = await run();
    await new Promise((resolve) => { release = resolve; });
    return result;
  };
  const outbox = openOutbox({ withLock });
  outbox.add("7", "one");
  await settled();
  server.calls[0].answer(SENT);
  await settled();
  release();
  await settled();
  outbox.add("7", "two");
  release();
  await settled();
  assert.deepEqual(server.contents(), ["one", "two"]);
});

test("a price that has changed is agreed to by trying again, and by nothing else", async () => {
  const paid = { level: "urgent", priceMinor: 3000, currency: "USD" };
  const outbox = openOutbox();
  const entry = outbox.add("7", "By five?", { paid });
  server.calls[0].answer({ outcome: "rejected", message: "Changed.", code: "price_changed", offeredMinor: 4000 });
  await settled();
  const [failed] = outbox.entries("7");
  assert.deepEqual([failed.state, failed.code, failed.offeredMinor, failed.fields.paid], ["failed", "price_changed", 4000, paid]);
  outbox.flush();
  openOutbox().flush();
  assert.equal(server.calls.length, 1);
  outbox.retry(entry.id);
  assert.deepEqual(server.calls[1].entry.fields.paid, { ...paid, priceMinor: 4000 });
  assert.equal(server.calls[1].entry.id, entry.id);
});

test("what is paid for is sent again with the same price and the same id, after a reload too", async () => {
  const paid = { level: "high", priceMinor: 1500, currency: "USD" };
  const entry = openOutbox().add("7", "Please", { paid });
  await settled();
  openOutbox().flush();
  await called(2);
  assert.deepEqual(server.calls.map((call) => [call.entry.id, call.entry.fields.paid]), [[entry.id, paid], [entry.id, paid]]);
});

test("trying again without a new price pays the old one", async () => {
  const paid = { level: "high", priceMinor: 1500, currency: "USD" };
  const outbox = openOutbox();
  const entry = outbox.add("7", "Please", { paid });
  server.calls[0].answer({ outcome: "rejected", message: "Not enough.", code: "insufficient_balance" });
  await settled();
  assert.equal(outbox.entries("7")[0].code, "insufficient_balance");
  outbox.retry(entry.id);
  assert.deepEqual(server.calls[1].entry.fields.paid, paid);
});
