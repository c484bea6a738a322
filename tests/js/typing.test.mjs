import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { TypingSignal } from "../../static/js/lib/typing-signal.js";
import { shortName, Typists } from "../../static/js/lib/typists.js";
import { recorded } from "./fakes.mjs";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("whoever gives no further sign for six seconds is gone", () => {
  const typists = new Typists();
  typists.start("7", "1", "Ada");
  mock.timers.tick(4_000);
  typists.start("7", "1", "Ada");
  mock.timers.tick(5_999);
  assert.deepEqual(typists.names("7"), ["Ada"]);
  mock.timers.tick(1);
  assert.deepEqual(typists.names("7"), []);
});

test("repeated signs are announced once", () => {
  const typists = new Typists();
  const changes = recorded(typists, "changed");
  typists.start("7", "1", "Ada");
  typists.start("7", "1", "Ada");
  typists.start("7", "2", "Ben");
  typists.stop("7", "1");
  typists.stop("7", "1");
  assert.equal(changes.length, 3);
  assert.deepEqual(typists.names("7"), ["Ben"]);
  assert.deepEqual(typists.names("8"), []);
});

test("people are called by their first name, titles are kept whole", () => {
  assert.equal(shortName("Ada Byron"), "Ada");
  assert.equal(shortName("Dr. Amara Osei"), "Dr. Amara Osei");
});

test("keystrokes become one start every three seconds and one stop", () => {
  const sent = [];
  let now = 0;
  const signal = new TypingSignal((event) => sent.push(event), () => now);
  signal.stop();
  for (now = 0; now <= 3_500; now += 100) signal.typed("a");
  assert.deepEqual(sent, ["typing_start", "typing_start"]);
  signal.stop();
  signal.stop();
  assert.deepEqual(sent.slice(2), ["typing_stop"]);
});

test("an emptied field stops the typing", () => {
  const sent = [];
  const signal = new TypingSignal((event) => sent.push(event), () => 0);
  signal.typed("a");
  signal.typed("  ");
  assert.deepEqual(sent, ["typing_start", "typing_stop"]);
});

test("a start that could not be sent is tried again with the next keystroke", () => {
  const tried = [];
  let connected = false;
  const signal = new TypingSignal((event) => { tried.push(event); return connected; }, () => 0);
  signal.typed("a");
  connected = true;
  signal.typed("ab");
  signal.typed("abc");
  assert.deepEqual(tried, ["typing_start", "typing_start"]);
});
