"""Deleting for oneself over the API: gone for one, untouched for the others."""

import pytest

from tests.support import life, making
from tests.support.making import CONVERSATIONS


@pytest.fixture
def conversation(api, cast):
    return making.direct(api, cast.owner, cast.member)


@pytest.fixture
def messages(api, cast, conversation):
    return making.say(api, cast.owner, conversation, "One", "Two", "Three")


def test_the_answer_names_who_hid_it(api, cast, messages):
    hidden = life.hide(api, cast.member, messages[1])
    assert hidden == messages[1] | {"deletedBy": [cast.member.id]}
    assert life.hide(api, cast.member, messages[1]) == hidden
    assert life.find(api, cast.owner, messages[1]) == messages[1]


def test_it_is_found_nowhere_any_more(api, cast, conversation, messages):
    one, two, three = messages
    life.hide(api, cast.member, two)
    life.find(api, cast.member, two, status=404)
    assert life.contents(api, cast.member, conversation) == ["One", "Three"]
    assert life.contents(api, cast.member, conversation, after=one["id"]) == ["Three"]
    assert life.contents(api, cast.member, conversation, after=two["id"]) == ["Three"]
    assert life.contents(api, cast.member, conversation, before=three["id"]) == ["One"]
    assert life.contents(api, cast.member, conversation, before=two["id"]) == ["One"]
    changes = life.read(api, cast.member, conversation, since=0)
    assert [message["content"] for message in changes["messages"]] == ["One", "Three"]
    assert changes["hiddenIds"] == [two["id"]]
    assert changes["conversation"]["version"] == 3


def test_the_other_one_notices_nothing(api, cast, conversation, messages):
    before = life.read(api, cast.owner, conversation, since=0)
    for message in messages:
        life.hide(api, cast.member, message)
    assert life.read(api, cast.owner, conversation, since=0) == before


def test_the_last_message_is_the_last_that_one_sees(api, cast, conversation, messages):
    elsewhere = making.group(api, cast.owner, cast.member)
    making.say(api, cast.owner, elsewhere, "Elsewhere")

    def last():
        listed = {c["id"]: c for c in api.as_(cast.member).get(CONVERSATIONS)["conversations"]}
        assert listed[elsewhere["id"]]["lastMessage"]["content"] == "Elsewhere"
        shown = life.read(api, cast.member, conversation)["conversation"]
        assert shown == listed[conversation["id"]]
        return shown["lastMessage"] and shown["lastMessage"]["content"]

    for message, left in zip(reversed(messages), ["Two", "One", None], strict=True):
        life.hide(api, cast.member, message)
        assert last() == left


def test_it_is_not_unread(api, cast, conversation, messages):
    for message, left in zip(messages, [2, 1, 0], strict=True):
        life.hide(api, cast.member, message)
        assert life.read(api, cast.member, conversation)["conversation"]["unreadCount"] == left
    assert api.as_(cast.member).get(CONVERSATIONS, filter="unread")["conversations"] == []


def test_for_the_others_it_is_unread_as_before(api, cast):
    made = making.group(api, cast.owner, cast.member, cast.outsider)
    [message] = making.say(api, cast.owner, made, "One")
    life.hide(api, cast.outsider, message)
    assert life.read(api, cast.member, made)["conversation"]["unreadCount"] == 1
    unread = [
        len(api.as_(person).get(CONVERSATIONS, filter="unread")["conversations"])
        for person in (cast.member, cast.outsider)
    ]
    assert unread == [1, 0]


def test_it_takes_no_version(api, cast, conversation, messages):
    life.hide(api, cast.member, messages[0])
    assert making.say(api, cast.owner, conversation, "Four")[0]["version"] == 4


def test_neither_changing_nor_restoring_it_brings_it_back(api, cast, conversation, messages):
    life.hide(api, cast.member, messages[0])
    life.edit(api, cast.owner, messages[0], "Uno")
    life.delete(api, cast.owner, messages[0])
    life.restore(api, cast.owner, messages[0])
    life.restore(api, cast.member, messages[0], status=404)
    assert life.contents(api, cast.member, conversation) == ["Two", "Three"]
    assert life.read(api, cast.member, conversation, since=3)["messages"] == []
    assert life.contents(api, cast.owner, conversation) == ["Uno", "Two", "Three"]


def test_a_deleted_message_and_a_system_line_can_be_hidden(api, cast):
    made = making.group(api, cast.owner, cast.member)
    [message] = making.say(api, cast.owner, made, "One")
    life.delete(api, cast.owner, message)
    api.as_(cast.owner).patch(f"{CONVERSATIONS}/{made['id']}", {"name": "The mill"})
    for shown in life.read(api, cast.member, made)["messages"]:
        assert life.hide(api, cast.member, shown)["deletedBy"] == [cast.member.id]
    assert life.read(api, cast.member, made)["messages"] == []
    assert len(life.read(api, cast.owner, made)["messages"]) == 2


def test_who_is_no_member_hides_nothing(api, cast, messages):
    for person in (cast.outsider, cast.admin):
        life.hide(api, person, messages[0], status=404)


def test_paging_passes_over_the_hidden(app, api, cast, conversation):
    ids = making.talk(app, conversation, cast.owner, 12)
    for message_id in ids[2:11]:
        life.hide(api, cast.member, {"id": message_id})
    newest = life.read(api, cast.member, conversation, limit=2)
    assert ([m["position"] for m in newest["messages"]], newest["hasMore"]) == ([2, 12], True)
    oldest = life.read(api, cast.member, conversation, limit=2, before=newest["messages"][0]["id"])
    assert ([m["position"] for m in oldest["messages"]], oldest["hasMore"]) == ([1], False)
    first = life.read(api, cast.member, conversation, limit=2, since=0)
    assert ([m["version"] for m in first["messages"]], first["hasMore"]) == ([1, 2], True)
    assert first["hiddenIds"] == ids[2:11]
