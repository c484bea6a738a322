import assert from "node:assert/strict";
import { test } from "node:test";

import { isBefore } from "../../static/js/lib/queue-order.js";
import { routeOf } from "../../static/js/lib/route.js";

const one = (answerBy, rank, id) => ({ answerBy: `2026-11-22T${answerBy}:00.000Z`, rank: String(rank), id: String(id) });

for (const [name, a, b] of [
  ["what is due sooner", one("09:00", 2, 9), one("10:00", 0, 1)],
  ["at the same time the higher level", one("09:00", 0, 9), one("09:00", 1, 1)],
  ["of one level the one that waits longer", one("09:00", 2, 9), one("09:00", 2, 10)],
]) {
  test(`${name} stands first`, () => {
    assert.equal(isBefore(a, b), true);
    assert.equal(isBefore(b, a), false);
    assert.equal(isBefore(a, a), false);
  });
}

test("an address of the priority inbox shows the queue or a question", () => {
  assert.deepEqual(routeOf("/priority"), { pane: "list", conversationId: null, messageId: null });
  assert.deepEqual(routeOf("/priority/7"), { pane: "conversation", conversationId: "7", messageId: null });
  assert.equal(routeOf("/wallet"), null);
});
