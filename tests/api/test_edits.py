"""Editing over the API: by the sender, within the window, what was said before kept for the members."""

import pytest

from tests.support import life, making
from tests.support.making import CONVERSATIONS
from tests.support.passing import DAY


@pytest.fixture
def conversation(api, cast):
    return making.group(api, cast.owner, cast.member)


@pytest.fixture
def message(api, cast, conversation):
    return making.say(api, cast.member, conversation, "We meet at nine")[0]


def earlier(api, person, message, status=200):
    answer = api.as_(person).get(f"/api/messages/{message['id']}/edits", status=status)
    return [edit["content"] for edit in answer["edits"]] if status == 200 else answer


def test_an_edited_message_says_so(api, cast, conversation, message):
    edited = life.edit(api, cast.member, message, "  We meet at ten\n")
    assert edited == message | {
        "content": "We meet at ten",
        "version": 2,
        "editedAt": edited["updatedAt"],
        "updatedAt": edited["updatedAt"],
    }
    assert edited["editedAt"] > message["createdAt"]
    for seen in (
        life.find(api, cast.owner, message),
        *life.read(api, cast.owner, conversation)["messages"],
        *life.read(api, cast.owner, conversation, since=1)["messages"],
        life.read(api, cast.owner, conversation)["conversation"]["lastMessage"],
    ):
        assert seen == edited


def test_what_it_said_before_is_kept_for_the_members(api, cast, message):
    assert earlier(api, cast.owner, message) == []
    first = life.edit(api, cast.member, message, "We meet at ten")
    life.edit(api, cast.member, message, "We meet at eleven")
    kept = api.as_(cast.owner).get(f"/api/messages/{message['id']}/edits")["edits"]
    assert kept == [
        {"content": "We meet at nine", "createdAt": message["createdAt"]},
        {"content": "We meet at ten", "createdAt": first["editedAt"]},
    ]
    for person in (cast.outsider, cast.admin):
        assert earlier(api, person, message, status=404)["code"] == "not_found"


def test_the_same_text_changes_nothing(api, cast, message):
    for content in ("We meet at nine", " We meet at nine\n"):
        assert life.edit(api, cast.member, message, content) == message
    assert earlier(api, cast.member, message) == []


@pytest.mark.parametrize(("who", "status"), [("owner", 403), ("outsider", 404), ("admin", 404)])
def test_nobody_but_its_sender_edits_it(api, cast, message, who, status):
    refused = life.edit(api, getattr(cast, who), message, "Never", status=status)
    assert refused["code"] == {403: "not_the_sender", 404: "not_found"}[status]
    assert life.find(api, cast.member, message) == message


def test_the_window_is_open_for_a_day_and_no_longer(api, cast, message, later):
    later(DAY - 60)
    edited = life.edit(api, cast.member, message, "Just in time")
    later(60)
    refused = life.edit(api, cast.member, message, "Too late", status=403)
    assert refused["code"] == "edit_window_over"
    assert life.find(api, cast.owner, message) == edited


def test_a_deleted_message_is_not_edited_and_tells_nothing_of_before(api, cast, message):
    life.edit(api, cast.member, message, "We meet at ten")
    life.delete(api, cast.member, message)
    assert life.edit(api, cast.member, message, "Never", status=409)["code"] == "deleted"
    assert earlier(api, cast.member, message) == []
    life.restore(api, cast.member, message)
    assert earlier(api, cast.owner, message) == ["We meet at nine"]


def test_a_hidden_message_is_not_edited(api, cast, message):
    life.hide(api, cast.member, message)
    life.edit(api, cast.member, message, "Never", status=404)
    earlier(api, cast.member, message, status=404)
    assert life.find(api, cast.owner, message) == message


def test_a_system_line_is_not_edited(api, cast, conversation):
    api.as_(cast.owner).patch(f"{CONVERSATIONS}/{conversation['id']}", {"name": "The mill"})
    [line] = life.read(api, cast.owner, conversation)["messages"]
    assert life.edit(api, cast.owner, line, "Mine", status=403)["code"] == "system_message"


@pytest.mark.parametrize("content", ["", " \n\u3000", "x" * 10_001, "🎈" * 5_001, "nul\x00", None, 7, ["x"]])
def test_what_may_not_be_said_may_not_be_said_later(api, cast, message, content):
    refused = life.edit(api, cast.member, message, content, status=400)
    assert [error["field"] for error in refused["errors"]] == ["content"]
    assert life.find(api, cast.member, message) == message


def test_the_reactions_and_the_quote_stay(api, cast, message):
    sent = life.reply(api, cast.owner, message)
    life.react(api, cast.member, sent, "👍")
    edited = life.edit(api, cast.owner, sent, "Certainly")
    assert edited["replyPreview"] == sent["replyPreview"]
    assert [reaction["reaction"] for reaction in edited["reactions"]] == ["👍"]
