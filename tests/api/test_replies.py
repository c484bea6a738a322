"""Replies over the API: the quote, what may be replied to, and how the quote follows its original."""

import pytest

from tests.support import life, making
from tests.support.making import CONVERSATIONS


@pytest.fixture
def conversation(api, cast):
    return making.group(api, cast.owner, cast.member)


@pytest.fixture
def original(api, cast, conversation):
    return making.say(api, cast.owner, conversation, "When do we meet?")[0]


@pytest.fixture
def refused(api, cast):
    """Replies as the member, in vain: the fields at fault."""

    def refused(conversation, message_id):
        body = {"conversationId": conversation["id"], "content": "Yes", "replyTo": message_id}
        answer = api.as_(cast.member).post("/api/messages", body, status=400)
        return [error["field"] for error in answer["errors"]]

    return refused


def quote(message):
    return message["replyPreview"]


def test_a_reply_bears_a_quote_of_what_it_replies_to(api, cast, conversation, original):
    sent = life.reply(api, cast.member, original, "At nine")
    assert sent["replyTo"] == original["id"]
    assert quote(sent) == {
        "id": original["id"],
        "senderId": cast.owner.id,
        "senderName": cast.owner.name,
        "content": "When do we meet?",
        "messageType": "text",
        "isDeleted": False,
    }
    for seen in (
        life.find(api, cast.owner, sent),
        life.read(api, cast.owner, conversation)["messages"][-1],
        life.read(api, cast.owner, conversation, since=1)["messages"][-1],
        api.as_(cast.owner).get(CONVERSATIONS)["conversations"][0]["lastMessage"],
    ):
        assert seen == sent


@pytest.mark.parametrize(
    ("content", "excerpt"),
    [
        ("x" * 200, "x" * 200),
        ("x" * 201, "x" * 200),
        ("🎈" * 150, "🎈" * 100),
        ("x" + "🎈" * 150, "x" + "🎈" * 99),
        ("é" * 10_000, "é" * 200),
    ],
    ids=["just", "more", "pairs", "no half of a pair", "much"],
)
def test_the_excerpt_has_at_most_200_units(api, cast, conversation, content, excerpt):
    [original] = making.say(api, cast.owner, conversation, content)
    sent = life.reply(api, cast.member, original)
    assert quote(sent)["content"] == quote(life.find(api, cast.owner, sent))["content"] == excerpt


def test_one_may_reply_to_oneself_and_to_a_reply(api, cast, original):
    first = life.reply(api, cast.owner, original, "Tomorrow?")
    second = life.reply(api, cast.member, first, "Fine")
    assert (quote(second)["id"], quote(second)["content"]) == (first["id"], "Tomorrow?")


@pytest.mark.parametrize("message_id", ["987654321", "0", "x", "-1", "9" * 40, "٣", "1 "])
def test_a_message_that_is_not_there_is_refused(conversation, refused, message_id):
    assert refused(conversation, message_id) == ["replyTo"]


def test_a_message_of_elsewhere_is_refused(api, cast, conversation, refused):
    """Even one that the replying person can see; and of one that they cannot, nothing more is told."""
    seen = making.direct(api, cast.owner, cast.member)
    unseen = making.direct(api, cast.owner, cast.outsider)
    for other in (seen, unseen):
        [foreign] = making.say(api, cast.owner, other, "Elsewhere")
        assert refused(conversation, foreign["id"]) == ["replyTo"]


def test_a_system_line_is_refused(api, cast, conversation, refused):
    api.as_(cast.owner).patch(f"{CONVERSATIONS}/{conversation['id']}", {"name": "The mill"})
    [line] = life.read(api, cast.owner, conversation)["messages"]
    assert refused(conversation, line["id"]) == ["replyTo"]


@pytest.mark.parametrize("remove", [life.delete, life.hide], ids=["deleted", "hidden"])
def test_what_is_gone_is_refused(api, cast, conversation, original, refused, remove):
    remove(api, cast.owner if remove is life.delete else cast.member, original)
    assert refused(conversation, original["id"]) == ["replyTo"]


def test_what_another_has_hidden_can_be_replied_to(api, cast, original):
    life.hide(api, cast.owner, original)
    assert quote(life.reply(api, cast.member, original))["content"] == original["content"]


def test_an_expired_message_is_refused(api, cast, conversation, refused, swept):
    body = {"autoDeleteAfter": 60}
    api.as_(cast.owner).put(f"{CONVERSATIONS}/{conversation['id']}/settings", {"settings": body})
    [original] = making.say(api, cast.owner, conversation, "Soon gone")
    swept(60)
    assert refused(conversation, original["id"]) == ["replyTo"]


def test_a_refused_reply_takes_no_version(api, cast, conversation, original, refused):
    refused(conversation, "987654321")
    assert life.reply(api, cast.member, original)["version"] == original["version"] + 1


def test_the_quote_follows_edits_without_a_version_of_its_own(api, cast, original):
    sent = life.reply(api, cast.member, original)
    life.edit(api, cast.owner, original, "When do we meet tomorrow?")
    seen = life.find(api, cast.member, sent)
    assert quote(seen)["content"] == "When do we meet tomorrow?"
    assert seen["version"] == sent["version"]


def test_the_quote_survives_deletion_and_comes_back_with_its_original(api, cast, original):
    sent = life.reply(api, cast.member, original)
    life.delete(api, cast.owner, original)
    gone = quote(life.find(api, cast.member, sent))
    assert gone == quote(sent) | {"content": "", "isDeleted": True}
    life.restore(api, cast.owner, original)
    assert life.find(api, cast.member, sent) == sent


def test_of_a_deleted_reply_no_quote_is_left(api, cast, original):
    sent = life.reply(api, cast.member, original)
    gone = life.delete(api, cast.member, sent)
    assert (gone["replyTo"], quote(gone)) == (original["id"], None)


def test_a_reply_sent_twice_exists_once(api, cast, original):
    first = life.reply(api, cast.member, original, clientMessageId="one")
    life.delete(api, cast.owner, original)
    again = life.reply(api, cast.member, original, clientMessageId="one")
    assert again["id"] == first["id"]
    assert quote(again)["isDeleted"] is True
