"""What disappears by itself, over the API: at its own time or at the conversation's, for everyone and for good."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lumina import clock
from lumina.extensions import db
from lumina.models import Message
from lumina.presenters import wire
from lumina.services import expiry
from tests.support import life, making, passing
from tests.support.making import CONVERSATIONS
from tests.support.passing import DAY


@pytest.fixture
def conversation(api, cast):
    return making.direct(api, cast.owner, cast.member)


@pytest.fixture
def moment(app):
    """The time in so many seconds, as the wire has it."""

    def moment(seconds):
        with app.app_context():
            return wire.time(clock.now() + timedelta(seconds=seconds))

    return moment


@pytest.fixture
def send(api, cast, conversation):
    """Sends as the owner; the message, or the whole refusal."""

    def send(content="Soon gone", status=201, **fields):
        body = {"conversationId": conversation["id"], "content": content, **fields}
        answer = api.as_(cast.owner).post("/api/messages", body, status=status)
        return answer["message"] if status == 201 else answer

    return send


def set_auto_delete(api, person, conversation, seconds):
    path = f"{CONVERSATIONS}/{conversation['id']}/settings"
    api.as_(person).put(path, {"settings": {"autoDeleteAfter": seconds}})


def lifetime(message):
    """In seconds."""
    if message["expiresAt"] is None:
        return None
    begun, ends = (datetime.fromisoformat(message[name]) for name in ("createdAt", "expiresAt"))
    return round((ends - begun).total_seconds())


def test_a_message_may_have_a_time(api, cast, conversation, send, moment, swept):
    at = moment(60)
    sent = send(expiresAt=at)
    assert sent["expiresAt"] == at
    swept(50)
    assert life.find(api, cast.member, sent) == sent
    swept(15)
    for person in (cast.owner, cast.member):
        life.find(api, person, sent, status=404)
        assert life.read(api, person, conversation)["messages"] == []


@pytest.mark.parametrize(
    "at", ["2020-01-01T00:00:00Z", "1970-01-01", "x", "", 7, True, [], "0001-01-01T00:00:00+14:00", "\x00"]
)
def test_a_time_that_is_over_or_none_is_refused(send, at):
    refused = send(status=400, expiresAt=at)
    assert [error["field"] for error in refused["errors"]] == ["expiresAt"]


def test_a_time_of_any_zone_is_understood(send):
    assert send(expiresAt="2199-01-01T02:00:00+02:00")["expiresAt"] == "2199-01-01T00:00:00.000Z"
    assert send(expiresAt="2199-01-01T00:00:00.1239")["expiresAt"] == "2199-01-01T00:00:00.123Z"
    assert send(expiresAt="9999-12-31T23:59:59.999Z")["expiresAt"] == "9999-12-31T23:59:59.999Z"
    assert send(expiresAt="9999-12-31T23:59:59-10:00", status=400)["code"] == "invalid"


def test_the_conversations_time_is_for_what_is_sent_from_then_on(api, cast, conversation, send):
    before = send("Before")
    set_auto_delete(api, cast.member, conversation, 3600)
    assert lifetime(send("During")) == 3600
    set_auto_delete(api, cast.member, conversation, None)
    assert lifetime(send("After")) is None
    shown = life.read(api, cast.owner, conversation)["messages"]
    assert [lifetime(message) for message in shown] == [None, None, 3600, None, None]
    assert life.find(api, cast.owner, before) == before


@pytest.mark.parametrize(("wanted", "seconds"), [(60, 60), (7200, 3600)])
def test_the_nearer_time_wins(api, cast, conversation, send, moment, wanted, seconds):
    set_auto_delete(api, cast.owner, conversation, 3600)
    assert abs(lifetime(send(expiresAt=moment(wanted))) - seconds) <= 1


def test_everything_that_looked_at_it_follows(api, cast, conversation, send, moment, swept):
    send("Stays")
    gone = send("Soon gone", expiresAt=moment(60))
    sent = life.reply(api, cast.member, gone, "Seen")
    life.hide(api, cast.owner, sent)
    before = life.read(api, cast.member, conversation)["conversation"]
    assert (before["unreadCount"], before["version"]) == (2, 3)
    swept(60)
    shown = life.read(api, cast.member, conversation)
    assert [message["content"] for message in shown["messages"]] == ["Stays", "Seen"]
    assert shown["messages"][1]["replyPreview"] == sent["replyPreview"] | {"content": "", "isDeleted": True}
    assert (shown["conversation"]["unreadCount"], shown["conversation"]["version"]) == (1, 4)
    mine = life.read(api, cast.owner, conversation)["conversation"]["lastMessage"]
    assert mine["content"] == "Stays"


def test_the_last_message_is_the_last_that_is_left(api, cast, conversation, send, moment, swept):
    first = send("Stays a while", expiresAt=moment(120))
    send("Soon gone", expiresAt=moment(60))
    swept(60)
    shown = life.read(api, cast.member, conversation)["conversation"]
    assert (shown["lastMessage"], shown["lastMessageAt"]) == (first, first["createdAt"])
    swept(60)
    [listed] = api.as_(cast.member).get(CONVERSATIONS)["conversations"]
    assert (listed["lastMessage"], listed["lastMessageAt"], listed["unreadCount"]) == (None, None, 0)
    assert listed["version"] == 4
    assert life.read(api, cast.member, conversation)["messages"] == []
    assert send("Anew")["position"] == 5


def test_since_names_what_is_gone(api, cast, conversation, send, moment, swept):
    sent = send(expiresAt=moment(60))
    swept(60)
    [gone] = life.read(api, cast.member, conversation, since=1)["messages"]
    expected = {"content": "", "isDeleted": True, "expired": True, "version": 2, "deletedBy": []}
    assert gone == sent | expected | {"updatedAt": gone["updatedAt"]}


def test_nothing_of_it_is_left_in_the_database(app, api, cast, conversation, send, moment, swept):
    sent = send("A passing secret", expiresAt=moment(60))
    life.edit(api, cast.owner, sent, "Another passing secret")
    life.react(api, cast.member, sent, "🙈")
    life.pin(api, cast.member, sent)
    swept(60)
    left = making.everything(app)
    assert not [word for word in ("passing", "secret", "🙈") if word in left]
    assert api.as_(cast.member).get(f"{CONVERSATIONS}/{conversation['id']}/pins")["messages"] == []


def test_nothing_more_can_happen_to_it(api, cast, conversation, send, moment, swept):
    sent = send(expiresAt=moment(60))
    swept(60)
    life.edit(api, cast.owner, sent, "Never", status=404)
    life.react(api, cast.member, sent, "👍", status=404)
    life.delete(api, cast.owner, sent, status=404)
    life.hide(api, cast.owner, sent, status=404)
    life.restore(api, cast.owner, sent, status=404)
    life.pin(api, cast.owner, sent, status=404)
    api.as_(cast.owner).get(f"/api/messages/{sent['id']}/edits", status=404)
    assert life.read(api, cast.owner, conversation)["conversation"]["version"] == 2


def test_what_was_deleted_or_hidden_expires_as_well(app, api, cast, conversation, send, moment, swept):
    deleted, hidden = send("One", expiresAt=moment(60)), send("Two", expiresAt=moment(60))
    life.delete(api, cast.owner, deleted)
    life.hide(api, cast.member, hidden)
    swept(60)
    assert [m["expired"] for m in life.read(api, cast.owner, conversation, since=3)["messages"]] == [True] * 2
    assert [m["id"] for m in life.read(api, cast.member, conversation, since=3)["messages"]] == [
        deleted["id"]
    ]
    life.restore(api, cast.owner, deleted, status=404)
    swept(2 * DAY)
    assert life.read(api, cast.owner, conversation)["conversation"]["version"] == 5


def test_many_at_once_go_one_version_each(app, api, cast, conversation, send, later, monkeypatch):
    """In portions, so that no conversation is locked for long; what is not due stays."""
    monkeypatch.setattr(expiry, "AT_ONCE", 3)
    set_auto_delete(api, cast.owner, conversation, 60)
    for number in range(7):
        send(f"Number {number}")
    set_auto_delete(api, cast.owner, conversation, 3600)
    send("Stays")
    later(60)
    passing.sweep(app)
    with app.app_context():
        assert expiry.expire(None, int(conversation["id"])) is False
        assert expiry.purge(None, int(conversation["id"])) is False
        rows = db.session.execute(select(Message.version, Message.expired_at).order_by(Message.version)).all()
    assert [version for version, _ in rows] == [1, 9, 10, 11, 12, 13, 14, 15, 16, 17]
    assert [at is not None for _, at in rows] == [False] * 3 + [True] * 7
    assert life.contents(api, cast.owner, conversation)[-1] == "Stays"
