"""Reactions over the API: toggled or set, several per person, one spelling of each, none lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.support import life, making
from tests.support.making import CONVERSATIONS

TWENTY_ONE = "😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎😏😐😑😒😓😔"


@pytest.fixture
def conversation(api, cast):
    return making.group(api, cast.owner, cast.member)


@pytest.fixture
def message(api, cast, conversation):
    return making.say(api, cast.owner, conversation, "We won")[0]


def left(message):
    return [(reaction["userId"], reaction["reaction"]) for reaction in message["reactions"]]


def test_a_reaction_is_toggled(api, cast, conversation, message):
    on = life.react(api, cast.member, message, "👍")
    [reaction] = on["reactions"]
    assert reaction == {"userId": cast.member.id, "reaction": "👍", "createdAt": reaction["createdAt"]}
    assert (on["version"], on["position"], on["editedAt"]) == (2, 1, None)
    for seen in (
        life.find(api, cast.owner, message),
        *life.read(api, cast.owner, conversation)["messages"],
        *life.read(api, cast.owner, conversation, since=1)["messages"],
    ):
        assert seen == on
    off = life.react(api, cast.member, message, "👍")
    assert (left(off), off["version"]) == ([], 3)


def test_set_to_active_twice_is_set_once(api, cast, message):
    for active, expected, version in [
        (False, [], 1),
        (True, [(cast.owner.id, "🎉")], 2),
        (True, [(cast.owner.id, "🎉")], 2),
        (False, [], 3),
        (False, [], 3),
    ]:
        seen = life.react(api, cast.owner, message, "🎉", active=active)
        assert (left(seen), seen["version"]) == (expected, version)


def test_several_of_several_people_in_the_order_in_which_they_came(api, cast, message):
    for person, reaction in [
        (cast.member, "👍"),
        (cast.owner, "🎉"),
        (cast.member, "🎉"),
        (cast.owner, "👍"),
    ]:
        life.react(api, person, message, reaction)
    assert left(life.react(api, cast.member, message, "👍", active=False)) == [
        (cast.owner.id, "🎉"),
        (cast.member.id, "🎉"),
        (cast.owner.id, "👍"),
    ]


@pytest.mark.parametrize(
    "reaction",
    ["👍", "👍🏽", "❤️", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "#️⃣", "©️", "☺️", "🫱🏻‍🫲🏿", "👩🏾‍❤️‍💋‍👨🏼"],
)
def test_whatever_is_one_emoji_is_kept_as_it_is(api, cast, message, reaction):
    assert left(life.react(api, cast.member, message, reaction)) == [(cast.member.id, reaction)]


@pytest.mark.parametrize(
    ("spelling", "other"),
    [("❤", "❤️"), ("☺", "☺️"), ("🏳‍🌈", "🏳️‍🌈"), (" 👍 ", "👍"), ("1⃣", "1️⃣"), ("👁‍🗨", "👁️‍🗨️")],
)
def test_two_spellings_of_one_emoji_are_one(api, cast, message, spelling, other):
    first = life.react(api, cast.member, message, spelling)
    assert left(first) == [(cast.member.id, other)]
    assert left(life.react(api, cast.owner, message, other))[1] == (cast.owner.id, other)
    assert left(life.react(api, cast.member, message, other)) == [(cast.owner.id, other)]


@pytest.mark.parametrize(
    "reaction",
    [
        *("", " ", "x", "ok", "7", ":thumbs_up:", "👍👍", "👍x", "x👍", "👍 🎉", "🇩", "<b>"),
        *("\u200d", "\ufe0f", "\x00", "👍" * 40, "x" * 65, None, 7, ["👍"], True),
    ],
)
def test_anything_else_is_refused(api, cast, message, reaction):
    refused = life.react(api, cast.member, message, reaction, status=400)
    assert [error["field"] for error in refused["errors"]] == ["reaction"]
    assert life.find(api, cast.member, message) == message


def test_twenty_are_enough(api, cast, message):
    for reaction in TWENTY_ONE[:-1]:
        life.react(api, cast.member, message, reaction)
    refused = life.react(api, cast.member, message, TWENTY_ONE[-1], status=409)
    assert refused["code"] == "too_many_reactions"
    assert len(life.react(api, cast.owner, message, TWENTY_ONE[-1])["reactions"]) == 21
    life.react(api, cast.member, message, TWENTY_ONE[0])
    assert len(life.react(api, cast.member, message, TWENTY_ONE[-1])["reactions"]) == 21


def test_many_at_once_lose_nothing(api, cast, conversation, message):
    steps = [(person, reaction) for person in (cast.owner, cast.member) for reaction in "👍🎉😀"]
    together = Barrier(len(steps))

    def step(one):
        together.wait()
        return life.react(api, *(one[0], message, one[1]))["version"]

    with ThreadPoolExecutor(len(steps)) as pool:
        versions = list(pool.map(step, steps))
    assert sorted(versions) == [2, 3, 4, 5, 6, 7]
    seen = life.find(api, cast.owner, message)
    assert sorted(left(seen)) == sorted((person.id, reaction) for person, reaction in steps)
    assert life.read(api, cast.owner, conversation)["conversation"]["version"] == 7


def test_the_same_at_once_from_two_devices_is_there_once(api, cast, message):
    together = Barrier(4)

    def step(_):
        together.wait()
        return life.react(api, cast.member, message, "👍", active=True)

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(step, range(4)))
    assert all(one == seen[0] for one in seen)
    assert left(seen[0]) == [(cast.member.id, "👍")]


def test_who_is_no_member_does_not_react(api, cast, message):
    for person in (cast.outsider, cast.admin):
        life.react(api, person, message, "👍", status=404)
    assert life.find(api, cast.owner, message) == message


def test_a_deleted_message_takes_none_and_shows_none(api, cast, message):
    life.react(api, cast.member, message, "👍")
    assert life.delete(api, cast.owner, message)["reactions"] == []
    assert life.react(api, cast.member, message, "🎉", status=409)["code"] == "deleted"
    assert left(life.restore(api, cast.owner, message)) == [(cast.member.id, "👍")]


def test_a_hidden_message_and_a_system_line_take_none(api, cast, conversation, message):
    life.hide(api, cast.member, message)
    life.react(api, cast.member, message, "👍", status=404)
    api.as_(cast.owner).patch(f"{CONVERSATIONS}/{conversation['id']}", {"name": "The mill"})
    line = life.read(api, cast.owner, conversation)["messages"][-1]
    assert life.react(api, cast.owner, line, "👍", status=403)["code"] == "system_message"
