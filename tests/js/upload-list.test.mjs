import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { UploadList } from "../../static/js/lib/upload-list.js";
import { settled } from "./fakes.mjs";

let calls;
let discarded;
const upload = (file, options) => new Promise((resolve, reject) => {
  calls.push({ file, ...options, resolve, reject });
  options.signal.addEventListener("abort", () => reject(new Error("")));
});
const make = (options = {}) => new UploadList({ upload, discard: (id) => discarded.push(id), tooMany: "full", ...options });
const file = (name) => ({ name, size: 100 });
const states = (list) => list.items.map(({ state }) => state);

beforeEach(() => {
  calls = [];
  discarded = [];
});

test("files are uploaded at once, each by itself, and taken in their order", async () => {
  const list = make();
  list.add([file("a"), file("b")]);
  assert.deepEqual(states(list), ["uploading", "uploading"]);
  assert.equal(list.isReady, false);
  calls[1].resolve({ id: "2" });
  await settled();
  assert.deepEqual(states(list), ["uploading", "ready"]);
  calls[0].onProgress(40);
  assert.equal(list.items[0].sent, 40);
  calls[0].resolve({ id: "1" });
  await settled();
  assert.equal(list.isReady, true);
  assert.deepEqual(list.take(), [{ id: "1" }, { id: "2" }]);
  assert.equal(list.isEmpty, true);
  assert.deepEqual(discarded, []);
});

test("what fails says why, and is tried again", async () => {
  const list = make();
  list.add([file("a")]);
  calls[0].reject(new Error("too bad"));
  await settled();
  assert.equal(list.items[0].error, "too bad");
  assert.equal(list.isReady, false);
  list.retry(list.items[0].id);
  assert.deepEqual(states(list), ["uploading"]);
  list.retry(list.items[0].id);
  assert.equal(calls.length, 2);
  calls[1].resolve({ id: "1" });
  await settled();
  assert.deepEqual(states(list), ["ready"]);
});

test("one is taken out while it is on its way, another when it is there", async () => {
  const list = make();
  list.add([file("a"), file("b")]);
  const [a, b] = list.items;
  calls[1].resolve({ id: "2" });
  await settled();
  list.remove(a.id);
  list.remove(b.id);
  list.remove(99);
  await settled();
  assert.equal(calls[0].signal.aborted, true);
  assert.deepEqual(discarded, ["2"]);
  assert.equal(list.isEmpty, true);
});

test("an upload that ends although it was taken out is let go", async () => {
  const list = make({ upload: (taken, options) => new Promise((resolve) => calls.push({ resolve, ...options })) });
  list.add([file("a")]);
  list.remove(list.items[0].id);
  calls[0].resolve({ id: "1" });
  await settled();
  assert.deepEqual(discarded, ["1"]);
});

test("what cannot be sent is refused, and so is a sixth one", () => {
  const words = [];
  const list = make({ check: ({ name }) => (name.endsWith(".exe") ? "no" : "") });
  list.addEventListener("refused", ({ detail }) => words.push(detail.words));
  list.add([file("a.exe"), ...["1", "2", "3", "4", "5", "6"].map(file)]);
  assert.deepEqual(words, ["a.exe: no", "full"]);
  assert.equal(list.items.length, 5);
});
