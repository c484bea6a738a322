import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { ReadMarker } from "../../static/js/lib/read-marker.js";
import { settled } from "./fakes.mjs";

let posted;
let accepts;
let marker;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  posted = [];
  accepts = true;
  marker = new ReadMarker({ post: async (id) => posted.push(id) && accepts, position: 4, pause: 400 });
});

const message = (position) => ({ id: `m${position}`, position });

test("reports the newest message only, once the viewer has stayed", () => {
  marker.reached(message(5));
  mock.timers.tick(399);
  marker.reached(message(6));
  mock.timers.tick(399);
  assert.deepEqual(posted, []);
  mock.timers.tick(1);
  assert.deepEqual(posted, ["m6"]);
});

test("never reports what was read before", () => {
  marker.reached(message(4));
  marker.advance(6);
  marker.reached(message(6));
  mock.timers.tick(1_000);
  assert.deepEqual(posted, []);
});

test("leaving in time reports nothing", () => {
  marker.reached(message(5));
  marker.cancel();
  mock.timers.tick(1_000);
  assert.deepEqual(posted, []);
});

test("what the server did not take is reported again", async () => {
  accepts = false;
  marker.reached(message(5));
  mock.timers.tick(400);
  await settled();
  accepts = true;
  marker.reached(message(5));
  mock.timers.tick(400);
  assert.deepEqual(posted, ["m5", "m5"]);
});
