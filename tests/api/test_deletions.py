"""Deleting for everyone over the API, thinking again, and what is left when it is too late for that."""

import pytest

from lumina.extensions import db
from tests.support import life, making
from tests.support.making import CONVERSATIONS
from tests.support.passing import DAY


@pytest.fixture
def conversation(api, cast):
    return making.group(api, cast.owner, cast.member)


@pytest.fixture
def message(api, cast, conversation):
    return making.say(api, cast.member, conversation, "A slip of the tongue")[0]


def test_a_deleted_message_keeps_its_place_and_says_nothing(api, cast, conversation, message):
    gone = life.delete(api, cast.member, message)
    assert gone == message | {
        "content": "",
        "isDeleted": True,
        "deletedBy": [cast.member.id],
        "version": 2,
        "updatedAt": gone["updatedAt"],
        "restorableUntil": gone["restorableUntil"],
    }
    for seen in (
        life.find(api, cast.owner, message),
        *life.read(api, cast.owner, conversation)["messages"],
        *life.read(api, cast.owner, conversation, since=1)["messages"],
        life.read(api, cast.owner, conversation)["conversation"]["lastMessage"],
    ):
        assert seen == gone


def test_deleting_twice_is_deleting_once(api, cast, message):
    gone = life.delete(api, cast.member, message)
    assert life.delete(api, cast.member, message) == gone


@pytest.mark.parametrize(("kind", "status"), [("group", 200), ("direct", 403)])
def test_the_admin_of_a_group_deletes_what_others_said(api, cast, kind, status):
    made = getattr(making, kind)(api, cast.owner, cast.member)
    [message] = making.say(api, cast.member, made, "Mine")
    answer = life.delete(api, cast.owner, message, status=status)
    assert (
        answer.get("deletedBy", answer.get("code")) == {200: [cast.owner.id], 403: "not_the_sender"}[status]
    )


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("outsider", 404), ("admin", 404)])
def test_others_delete_and_restore_nothing(api, cast, conversation, who, status):
    [message] = making.say(api, cast.owner, conversation, "Mine")
    life.delete(api, getattr(cast, who), message, status=status)
    assert life.find(api, cast.owner, message) == message
    gone = life.delete(api, cast.owner, message)
    life.restore(api, getattr(cast, who), message, status=status)
    assert life.find(api, cast.owner, message) == gone


@pytest.mark.parametrize("scope", ["", "x", "all", "Everyone"])
def test_no_other_scope_is_known(api, cast, message, scope):
    refused = api.as_(cast.member).delete(f"/api/messages/{message['id']}", status=400, scope=scope)
    assert [error["field"] for error in refused["errors"]] == ["scope"]
    assert life.find(api, cast.member, message) == message


def test_a_system_line_is_not_deleted(api, cast, conversation):
    api.as_(cast.owner).patch(f"{CONVERSATIONS}/{conversation['id']}", {"name": "The mill"})
    [line] = life.read(api, cast.owner, conversation)["messages"]
    assert life.delete(api, cast.owner, line, status=403)["code"] == "system_message"
    assert life.restore(api, cast.owner, line) == line


def test_a_restored_message_is_as_it_was(api, cast, conversation, message):
    life.react(api, cast.owner, message, "👍")
    before = life.edit(api, cast.member, message, "As it was")
    life.delete(api, cast.member, message)
    back = life.restore(api, cast.member, message)
    assert back == before | {"version": 5, "updatedAt": back["updatedAt"]}
    assert life.restore(api, cast.member, message) == back
    assert life.read(api, cast.owner, conversation, since=4)["messages"] == [back]


def test_what_an_admin_deleted_its_sender_does_not_bring_back(api, cast, message):
    life.delete(api, cast.owner, message)
    assert life.restore(api, cast.member, message, status=403)["code"] == "not_the_deleter"
    assert life.restore(api, cast.owner, message)["content"] == message["content"]


def test_an_admin_brings_back_what_its_sender_deleted(api, cast, message):
    life.delete(api, cast.member, message)
    assert life.restore(api, cast.owner, message)["isDeleted"] is False


def test_it_can_be_restored_for_a_day_and_no_longer(api, cast, message, later):
    life.delete(api, cast.member, message)
    later(DAY - 60)
    life.restore(api, cast.member, message)
    gone = life.delete(api, cast.member, message)
    later(DAY)
    assert life.restore(api, cast.member, message, status=403)["code"] == "restore_window_over"
    assert life.find(api, cast.owner, message) == gone


def test_then_nothing_of_it_is_left(app, api, cast, conversation, message, swept):
    life.edit(api, cast.member, message, "A slip of the pen")
    life.react(api, cast.owner, message, "🙈")
    life.reply(api, cast.owner, message, "Oh dear")
    life.delete(api, cast.member, message)
    swept(DAY - 60)
    assert "slip of the pen" in making.everything(app)
    swept(60)
    left = making.everything(app)
    assert not [word for word in ("slip", "tongue", "pen'", "🙈") if word in left]
    assert "Oh dear" in left
    assert life.restore(api, cast.member, message, status=403)["code"] == "restore_window_over"
    [tombstone, answer] = life.read(api, cast.owner, conversation)["messages"]
    assert (tombstone["isDeleted"], tombstone["content"], tombstone["version"]) == (True, "", 5)
    assert "restorableUntil" not in tombstone
    assert answer["replyPreview"]["isDeleted"] is True


def test_what_came_back_in_time_is_left_alone(api, cast, message, swept):
    life.delete(api, cast.member, message)
    back = life.restore(api, cast.member, message)
    swept(DAY + 60)
    assert life.find(api, cast.owner, message) == back


def test_deleted_messages_are_not_unread(api, cast, conversation, message):
    def unread():
        return life.read(api, cast.owner, conversation)["conversation"]["unreadCount"]

    assert unread() == 1
    life.delete(api, cast.member, message)
    assert unread() == 0
    assert api.as_(cast.owner).get(CONVERSATIONS, filter="unread")["conversations"] == []
    life.restore(api, cast.member, message)
    assert unread() == 1


def test_the_same_request_again_is_answered_from_memory(api, cast, message):
    life.delete(api, cast.member, message)
    caller = api.as_(cast.member).with_headers(Idempotency_Key="k")
    back = caller.post(f"/api/messages/{message['id']}/restore")
    life.delete(api, cast.member, message)
    assert caller.post(f"/api/messages/{message['id']}/restore") == back
    assert life.find(api, cast.member, message)["isDeleted"] is True


def test_a_version_that_was_rolled_back_is_shown_by_nobody(api, cast, message, monkeypatch):
    """The same version, taken again by another change, is not mistaken for it."""
    with monkeypatch.context() as broken:
        broken.setattr(db.session, "commit", lambda: 1 / 0)
        api.as_(cast.member).patch(f"/api/messages/{message['id']}", {"content": "Never"}, status=500)
    assert life.find(api, cast.member, message) == message
    reacted = life.react(api, cast.owner, message, "👍")
    assert (reacted["version"], reacted["content"]) == (2, message["content"])
