import assert from "node:assert/strict";
import { test } from "node:test";
import { ReactionWishes } from "../../static/js/lib/reaction-wishes.js";
import { recorded, settled } from "./fakes.mjs";

/** A server that answers when told to. */
function server() {
  const asked = [];
  const post = (messageId, emoji, active) => new Promise((resolve) => {
    asked.push({ messageId, emoji, active, accept: () => resolve({ isAccepted: true, html: `v${asked.length}` }),
      refuse: () => resolve({ isAccepted: false, message: "No." }) });
  });
  return { asked, wishes: new ReactionWishes(post) };
}

test("a wish stands until it is answered", async () => {
  const { asked, wishes } = server();
  const accepted = recorded(wishes, "accepted");
  wishes.want("7", "👍", true);
  assert.deepEqual(wishes.of("7").map(({ emoji, active }) => [emoji, active]), [["👍", true]]);
  assert.deepEqual(wishes.of("8"), []);
  asked[0].accept();
  await settled();
  assert.deepEqual(wishes.of("7"), []);
  assert.deepEqual(accepted, [{ messageId: "7", html: "v1" }]);
});

test("one request at a time for an emoji, and the last wish wins", async () => {
  const { asked, wishes } = server();
  const accepted = recorded(wishes, "accepted");
  wishes.want("7", "👍", true);
  wishes.want("7", "👍\ufe0f", false);
  assert.equal(asked.length, 1);
  asked[0].accept();
  await settled();
  assert.deepEqual(asked.map(({ active }) => active), [true, false]);
  assert.equal(accepted.length, 0);
  asked[1].accept();
  await settled();
  assert.equal(accepted.length, 1);
});

test("what was changed back before the answer needs no second request", async () => {
  const { asked, wishes } = server();
  wishes.want("7", "👍", true);
  wishes.want("7", "👍", false);
  wishes.want("7", "👍", true);
  asked[0].accept();
  await settled();
  assert.equal(asked.length, 1);
});

test("several emoji do not wait for one another", () => {
  const { asked, wishes } = server();
  wishes.want("7", "👍", true);
  wishes.want("7", "🎉", true);
  wishes.want("8", "👍", true);
  assert.equal(asked.length, 3);
});

test("a refusal says what stands instead", async () => {
  const { asked, wishes } = server();
  const refused = recorded(wishes, "refused");
  wishes.want("7", "👍", true);
  asked[0].refuse();
  await settled();
  assert.deepEqual(refused, [{ messageId: "7", emoji: "👍", active: false, message: "No." }]);
  assert.deepEqual(wishes.of("7"), []);
});
