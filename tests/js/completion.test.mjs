import assert from "node:assert/strict";
import { test } from "node:test";

import { emojiAt, mentionAt } from "../../static/js/lib/completion-place.js";
import { MemberSearch } from "../../static/js/lib/member-search.js";
import { settled } from "./fakes.mjs";

for (const [before, query, start] of [
  ["@", "", 0],
  ["Ask @ma", "ma", 4],
  ["Ask @Mara Elli", "Mara Elli", 4],
  ["(@zoë", "zoë", 1],
  ["@@田", "田", 1],
  ["@a b c", "a b c", 0],
  ["@Mara ", "Mara ", 0],
]) {
  test(`a name is being written in "${before}"`, () => assert.deepEqual(mentionAt(before), { query, start }));
}

for (const before of ["", "Mara", "me@here", "@ ", "@a b c d", "@a\nb", "ask @a  b", "é@a"]) {
  test(`no name is being written in ${JSON.stringify(before)}`, () => assert.equal(mentionAt(before), null));
}

for (const [before, query, start] of [[":sm", "sm", 0], ["so :+1", "+1", 3], [":été", "été", 0]]) {
  test(`an emoji is being written in "${before}"`, () => assert.deepEqual(emojiAt(before), { query, start }));
}

for (const before of [":", ":s", "10:30", "https://", "::ab", ":ab:", ": ab", "note:well"]) {
  test(`no emoji is being written in "${before}"`, () => assert.equal(emojiAt(before), null));
}

function search(people) {
  const asked = [];
  const members = new MemberSearch(async (query) => {
    asked.push(query);
    return people[query] ?? [];
  }, { pause: 0 });
  return { members, asked };
}

test("nothing is asked twice, nor what must be in vain", async () => {
  const { members, asked } = search({ ma: ["Mara"] });
  assert.deepEqual(await members.find("Ma"), ["Mara"]);
  assert.deepEqual(await members.find("ma "), ["Mara"]);
  assert.deepEqual(await members.find("x"), []);
  assert.deepEqual(await members.find("xy"), []);
  assert.deepEqual(asked, ["ma", "x"]);
});

test("of many keystrokes only the last one asks", async () => {
  const { members, asked } = search({ mara: ["Mara"] });
  const [early, late] = await Promise.all([members.find("m"), members.find("mara")]);
  assert.deepEqual([early, late, asked], [[], ["Mara"], ["mara"]]);
});

test("an answer that comes too late shows nobody", async () => {
  let answer;
  const members = new MemberSearch(() => new Promise((resolve) => { answer = resolve; }), { pause: 0 });
  const early = members.find("a");
  await new Promise((resolve) => { setTimeout(resolve, 5); });
  members.find("b");
  answer(["Ann"]);
  await settled();
  assert.deepEqual(await early, []);
});

test("what could not be asked is asked again, and so is everything once somebody has come", async () => {
  const answers = [null, ["Ann"], ["Ann", "Ada"]];
  const members = new MemberSearch(async () => answers.shift(), { pause: 0 });
  assert.deepEqual(await members.find("a"), []);
  assert.deepEqual(await members.find("a"), ["Ann"]);
  members.forget();
  assert.deepEqual(await members.find("a"), ["Ann", "Ada"]);
});
