import assert from "node:assert/strict";
import { test } from "node:test";
import { fileSize, soundLength } from "../../static/js/lib/file-size.js";
import { KeyedStore } from "../../static/js/lib/keyed-store.js";
import { Playback } from "../../static/js/lib/playback.js";
import { MemoryStorage } from "./fakes.mjs";

test("the speed goes round, is remembered, and is told", () => {
  const storage = new MemoryStorage();
  const playback = new Playback(new KeyedStore(storage, "playback.1"));
  let told = 0;
  playback.addEventListener("changed", () => { told += 1; });
  assert.equal(playback.speed, 1);
  assert.deepEqual([playback.faster(), playback.faster(), playback.faster(), playback.faster()], [1.5, 2, 1, 1.5]);
  assert.equal(told, 4);
  assert.equal(new Playback(new KeyedStore(storage, "playback.1")).speed, 1.5);
});

test("what was heard is remembered, but not without end", () => {
  const playback = new Playback(new KeyedStore(new MemoryStorage(), "playback.1"));
  for (let id = 0; id < 600; id += 1) playback.hear(String(id));
  playback.hear("599");
  assert.equal(playback.hasHeard("599"), true);
  assert.equal(playback.hasHeard("0"), false);
});

test("sizes and lengths as people say them", () => {
  assert.deepEqual([812, 4_100_000, 123_456_789, 5e9].map(fileSize), ["812 bytes", "4.1 MB", "123 MB", "5.0 GB"]);
  assert.deepEqual([0, 7_200, 750_000].map(soundLength), ["0:00", "0:07", "12:30"]);
});
