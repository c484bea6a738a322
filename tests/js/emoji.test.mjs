import assert from "node:assert/strict";
import { test } from "node:test";
import { EmojiHabits, isSameEmoji } from "../../static/js/lib/emoji-habits.js";
import { rankEmoji } from "../../static/js/lib/emoji-ranking.js";
import { KeyedStore } from "../../static/js/lib/keyed-store.js";
import { MemoryStorage } from "./fakes.mjs";

const habits = () => new EmojiHabits(new KeyedStore(new MemoryStorage(), "emoji"));

test("what is used most comes first, and what was used lately before what was used long ago", () => {
  const own = habits();
  for (const emoji of ["🎉", "🎉", "👀", "🔥"]) own.used(emoji);
  assert.deepEqual(own.favourites(3), ["🎉", "🔥", "👀"]);
});

test("a new habit replaces an old one", () => {
  const own = habits();
  for (let count = 0; count < 10; count += 1) own.used("🎉");
  for (let count = 0; count < 12; count += 1) own.used("🔥");
  assert.deepEqual(own.favourites(1), ["🔥"]);
});

test("few habits are filled up with what is popular, each emoji once in whatever spelling", () => {
  const own = habits();
  own.used("👍\ufe0f");
  assert.deepEqual(own.favourites(3, ["👍", "❤️", "😂", "🎉"]), ["👍\ufe0f", "❤️", "😂"]);
  assert.deepEqual(habits().favourites(2, ["👍", "❤️"]), ["👍", "❤️"]);
});

test("not more is kept than anybody needs", () => {
  const own = habits();
  for (let code = 0x1f400; code < 0x1f440; code += 1) own.used(String.fromCodePoint(code));
  assert.equal(own.favourites(100).length, 32);
});

test("two spellings are one emoji", () => {
  assert.ok(isSameEmoji("❤", "❤\ufe0f"));
  assert.ok(!isSameEmoji("👍", "👍🏽"));
});

test("the code itself comes first, then codes that begin like it", () => {
  const found = [
    { unicode: "😀", annotation: "grinning face", shortcodes: ["grinning"] },
    { unicode: "😸", annotation: "grinning cat", shortcodes: ["cat_grin", "smile_cat"] },
    { unicode: "😄", annotation: "grinning face with smiling eyes", shortcodes: ["grin_eyes", "smile"] },
    { unicode: "🏻", annotation: "light skin tone" },
  ];
  assert.deepEqual(rankEmoji(found, "Smile").map(({ emoji, shortcode }) => [emoji, shortcode]), [
    ["😄", "smile"], ["😸", "smile_cat"], ["😀", "grinning"],
  ]);
});

test("hands come in the viewer's skin tone, where they have it", () => {
  const wave = { unicode: "👋", annotation: "waving hand", shortcodes: ["wave"], skins: [{ tone: 3, unicode: "👋🏽" }] };
  assert.equal(rankEmoji([wave], "wave", 3)[0].emoji, "👋🏽");
  assert.equal(rankEmoji([wave], "wave", 0)[0].emoji, "👋");
});
