"""What happens to messages and settings reaches every socket of every member, whichever door it came through."""

from datetime import timedelta

import pytest

from lumina import clock
from lumina.presenters import fragments, wire
from tests.support import life, making
from tests.support.making import CONVERSATIONS
from tests.support.passing import DAY

EVENTS = ["message_received", "message_updated", "message_reaction_updated", "message_deleted"]
VIEWERS_OWN = {"unreadCount", "markedUnread", "lastReadMessageId", "archived", "mutedBy", "lastMessage"}


@pytest.fixture
def message(api, cast, group):
    return making.say(api, cast.member, group, "Good morning")[0]


@pytest.fixture
def news(api, cast):
    """From elsewhere, where the owner hears it too."""
    return making.say(api, cast.outsider, making.direct(api, cast.owner, cast.outsider), "News")[0]


@pytest.fixture
def listeners(cast, message, open_socket):
    """Two of each, plain and with html; opened when the message was there already."""
    return {
        (name, html): open_socket(getattr(cast, name), html=html)
        for name in ("owner", "member", "outsider")
        for html in (False, True)
    }


@pytest.fixture
def heard(listeners):
    """The one payload of an event, which all members got alike, and nobody else."""

    def heard(event):
        [told] = listeners["owner", False].arrived(event)
        for (name, html), socket in listeners.items():
            payloads = socket.arrived(event)
            if name == "outsider":
                assert payloads == []
            elif html:
                assert payloads == [told | {"html": fragments.bubble(told["message"])}]
            else:
                assert payloads == [told]
        return told

    return heard


def neutral(message):
    """As it is broadcast: what became of it, only its sender may know."""
    return message | {"status": "sent", "deliveredAt": None, "readAt": None}


def expected(message, **more):
    return {
        "message": neutral(message),
        "conversationId": message["conversationId"],
        "version": message["version"],
        **more,
    }


def test_an_edit(api, cast, message, open_socket, heard):
    body = {"messageId": message["id"], "content": "Good evening"}
    answer = open_socket(cast.member).emit("edit_message", body)
    assert answer["data"]["message"] == life.find(api, cast.member, message)
    assert heard("message_updated") == expected(answer["data"]["message"])


def test_a_reaction(api, cast, message, open_socket, heard):
    body = {"messageId": message["id"], "reaction": "👍"}
    answer = open_socket(cast.owner).emit("message_reaction", body)
    assert answer["data"]["message"] == neutral(life.find(api, cast.member, message))
    assert heard("message_reaction_updated") == expected(answer["data"]["message"])


def test_a_reaction_may_be_set(cast, message, open_socket, listeners):
    socket, body = open_socket(cast.owner), {"messageId": message["id"], "reaction": "👍"}
    for active, count in [(True, 1), (True, 1), (False, 0)]:
        reacted = socket.emit("message_reaction", body | {"active": active})["data"]["message"]
        assert len(reacted["reactions"]) == count
    told = listeners["member", False].arrived("message_reaction_updated")
    assert [event["version"] for event in told] == [2, 3]


@pytest.mark.parametrize("scope", [{}, {"scope": "everyone"}])
def test_a_deletion(api, cast, message, open_socket, heard, scope):
    answer = open_socket(cast.member).emit("delete_message", {"messageId": message["id"], **scope})
    gone = answer["data"]["message"]
    assert gone == life.find(api, cast.member, message)
    assert heard("message_deleted") == expected(gone, messageId=message["id"])


def test_a_restoration(api, cast, message, heard, listeners):
    life.delete(api, cast.member, message)
    back = life.restore(api, cast.member, message)
    assert heard("message_updated") == expected(back)


def test_a_pin_and_its_line(api, cast, message, heard):
    pinned = life.pin(api, cast.owner, message)
    assert heard("message_updated") == expected(pinned)
    line = heard("message_received")["message"]
    assert (line["system"]["kind"], line["version"]) == ("pinned", 3)


def test_a_reply(api, cast, message, heard):
    sent = life.reply(api, cast.owner, message, "And to you")
    assert heard("message_received") == expected(sent)


def test_a_forwarded_message(api, cast, group, news, heard):
    body = {"conversationIds": [group["id"]]}
    [sent] = api.as_(cast.owner).post(f"/api/messages/{news['id']}/forward", body)["messages"]
    assert heard("message_received") == expected(sent)


def test_hiding_is_told_to_ones_own_sockets_alone(api, cast, message, open_socket, listeners):
    body = {"messageId": message["id"], "scope": "me"}
    hidden = open_socket(cast.owner).emit("delete_message", body)["data"]["message"]
    assert (hidden["deletedBy"], hidden["isDeleted"]) == ([cast.owner.id], False)
    life.hide(api, cast.owner, message)
    for (name, _), socket in listeners.items():
        told = [expected(hidden, messageId=message["id"])] if name == "owner" else []
        assert socket.arrived("message_deleted") == told


def test_an_expiry(app, api, cast, group, listeners, heard, swept):
    with app.app_context():
        at = wire.time(clock.now() + timedelta(seconds=60))
    body = {"conversationId": group["id"], "content": "Soon gone", "expiresAt": at}
    sent = api.as_(cast.owner).post("/api/messages", body)["message"]
    swept(60)
    told = heard("message_deleted")
    assert (told["messageId"], told["version"], told["conversationId"]) == (sent["id"], 3, group["id"])
    gone = told["message"]
    assert (gone["isDeleted"], gone["expired"], gone["content"], gone["deletedBy"]) == (True, True, "", [])


def test_a_purge_is_told_to_nobody(api, cast, message, listeners, heard, swept):
    life.delete(api, cast.member, message)
    swept(DAY)
    assert heard("message_deleted")["version"] == 2


def test_every_version_arrives_once_and_in_order(api, cast, group, message, listeners):
    life.react(api, cast.owner, message, "👍")
    life.reply(api, cast.owner, message)
    life.edit(api, cast.member, message, "Good evening")
    life.pin(api, cast.owner, message)
    api.as_(cast.owner).patch(f"{CONVERSATIONS}/{group['id']}", {"name": "X", "description": "Y"})
    life.delete(api, cast.owner, message)
    life.restore(api, cast.owner, message)
    for (name, _), socket in listeners.items():
        socket.arrived("")
        versions = [event["version"] for kind, event in socket._arrived if kind in EVENTS]
        assert versions == ([] if name == "outsider" else list(range(2, 11)))


def test_shared_settings_are_told_to_all_without_anybodys_own(cast, group, open_socket, listeners):
    settings = {"autoDeleteAfter": 60, "allowFileSharing": False}
    body = {"conversationId": group["id"], "settings": settings}
    answer = open_socket(cast.owner).emit("conversation_settings_update", body)["data"]["conversation"]
    own = {"notifications": True, "notificationLevel": "all"}
    assert answer["settings"] == own | {"allowVoiceMessages": True} | settings
    for (name, _), socket in listeners.items():
        told = socket.arrived("conversation_settings_updated")
        if name == "outsider":
            assert told == []
            continue
        [event] = told
        assert set(event) == {"conversation"}
        assert VIEWERS_OWN.isdisjoint(event["conversation"])
        assert event["conversation"]["settings"] == {"allowVoiceMessages": True} | settings
        kinds = [each["message"]["system"]["kind"] for each in socket.arrived("message_received")]
        assert kinds == ["auto_delete", "file_sharing"]


@pytest.mark.parametrize("what", ["notifications", "mute"])
def test_ones_own_are_told_to_oneself(api, cast, group, open_socket, listeners, what):
    if what == "notifications":
        body = {"conversationId": group["id"], "settings": {"notifications": False}}
        shown = open_socket(cast.member).emit("conversation_settings_update", body)["data"]["conversation"]
    else:
        path = f"{CONVERSATIONS}/{group['id']}/mute"
        shown = api.as_(cast.member).post(path, {"muted": True})["conversation"]
    for (name, _), socket in listeners.items():
        told = [{"conversation": shown}] if name == "member" else []
        assert socket.arrived("conversation_settings_updated") == told
        assert socket.arrived("message_received") == []


@pytest.mark.parametrize(
    ("event", "who", "code"),
    [
        ("edit_message", "owner", "not_the_sender"),
        ("delete_message", "other", "not_the_sender"),
        ("conversation_settings_update", "other", "not_an_admin"),
        ("edit_message", "outsider", "not_found"),
        ("message_reaction", "outsider", "not_found"),
        ("delete_message", "outsider", "not_found"),
        ("conversation_settings_update", "outsider", "not_found"),
    ],
)
def test_what_is_refused_reaches_nobody(api, cast, group, message, open_socket, listeners, event, who, code):
    if who == "other":
        who, message = "member", making.say(api, cast.owner, group, "Mine")[0]
    body = {"messageId": message["id"], "conversationId": group["id"], "content": "Never", "reaction": "👍"}
    body["settings"] = {"allowFileSharing": False}
    refused = open_socket(getattr(cast, who)).emit(event, body)
    assert (refused["success"], refused["code"]) == (False, code)
    for socket in listeners.values():
        assert not [name for name in EVENTS[1:] if socket.arrived(name)]
        assert socket.arrived("conversation_settings_updated") == []
    assert neutral(life.find(api, cast.owner, message)) == message
