"""Pinned messages over the API: any member's doing, ten at most."""

import pytest

from tests.support import life, making
from tests.support.making import CONVERSATIONS


@pytest.fixture
def conversation(api, cast):
    return making.group(api, cast.owner, cast.member)


@pytest.fixture
def message(api, cast, conversation):
    return making.say(api, cast.owner, conversation, "The address")[0]


def pinned(api, person, conversation, status=200):
    answer = api.as_(person).get(f"{CONVERSATIONS}/{conversation['id']}/pins", status=status)
    return [message["id"] for message in answer["messages"]] if status == 200 else answer


def test_a_pin_takes_a_version_and_leaves_a_line(api, cast, conversation, message):
    done = life.pin(api, cast.member, message)
    assert done == message | {"version": 2, "pinnedAt": done["updatedAt"], "updatedAt": done["updatedAt"]}
    assert pinned(api, cast.owner, conversation) == [message["id"]]
    [shown, line] = life.read(api, cast.owner, conversation, since=1)["messages"]
    assert shown == done
    assert (line["senderId"], line["version"]) == (cast.member.id, 3)
    assert line["system"] == {"kind": "pinned", "params": {"messageId": message["id"]}}


def test_pinning_twice_is_pinning_once(api, cast, conversation, message):
    done = life.pin(api, cast.member, message)
    assert life.pin(api, cast.owner, message) == done
    assert life.read(api, cast.owner, conversation)["conversation"]["version"] == 3


def test_any_member_takes_it_out_again_without_a_line(api, cast, conversation, message):
    life.pin(api, cast.member, message)
    out = life.pin(api, cast.owner, message, pinned=False)
    assert out == message | {"version": 4, "updatedAt": out["updatedAt"]}
    assert life.pin(api, cast.owner, message, pinned=False) == out
    assert pinned(api, cast.owner, conversation) == []
    assert len(life.read(api, cast.owner, conversation)["messages"]) == 2


def test_ten_are_enough_and_the_newest_pin_comes_first(api, cast, conversation):
    said = making.say(api, cast.owner, conversation, *(f"Number {number}" for number in range(11)))
    for message in said[:10]:
        life.pin(api, cast.member, message)
    assert life.pin(api, cast.owner, said[10], status=409)["code"] == "too_many_pins"
    assert pinned(api, cast.owner, conversation) == [message["id"] for message in reversed(said[:10])]
    life.pin(api, cast.owner, said[3], pinned=False)
    life.pin(api, cast.owner, said[10])
    assert pinned(api, cast.owner, conversation)[0] == said[10]["id"]
    assert len(pinned(api, cast.owner, conversation)) == 10


def test_what_is_deleted_or_hidden_is_not_among_them(api, cast, conversation):
    one, two = making.say(api, cast.owner, conversation, "One", "Two")
    life.pin(api, cast.owner, one)
    life.pin(api, cast.owner, two)
    life.hide(api, cast.member, one)
    assert pinned(api, cast.member, conversation) == [two["id"]]
    assert "pinnedAt" not in life.delete(api, cast.owner, two)
    assert pinned(api, cast.owner, conversation) == [one["id"]]
    assert life.pin(api, cast.owner, two, status=409)["code"] == "deleted"
    life.restore(api, cast.owner, two)
    assert pinned(api, cast.owner, conversation) == [one["id"]]


def test_a_system_line_is_not_pinned(api, cast, conversation, message):
    life.pin(api, cast.owner, message)
    line = life.read(api, cast.owner, conversation)["messages"][-1]
    assert life.pin(api, cast.owner, line, status=403)["code"] == "system_message"


def test_who_is_no_member_neither_pins_nor_looks(api, cast, conversation, message):
    for person in (cast.outsider, cast.admin):
        life.pin(api, person, message, status=404)
        pinned(api, person, conversation, status=404)
    assert pinned(api, cast.owner, conversation) == []


@pytest.mark.parametrize("body", [{}, {"pinned": None}, {"pinned": "perhaps"}])
def test_it_is_said_whether(api, cast, message, body):
    refused = api.as_(cast.owner).put(f"/api/messages/{message['id']}/pin", body, status=400)
    assert [error["field"] for error in refused["errors"]] == ["pinned"]
