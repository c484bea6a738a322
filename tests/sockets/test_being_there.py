"""Presence, receipts and notifications, as sockets hear of them."""

from datetime import timedelta

import pytest

from lumina import clock
from lumina.presenters import times
from lumina.services import deliveries, presence, settings
from tests.support import making
from tests.support.making import CONVERSATIONS
from tests.support.passing import DAY

NOTICE = "new_message_notification"


@pytest.fixture
def settle(app):
    """What the server does every now and then."""
    deliveries._waiting.clear()
    presence.use(presence.InMemory())

    def settle():
        with app.app_context():
            for round_ in (presence.settle, deliveries.tell):
                for _ in round_():
                    pass

    return settle


@pytest.fixture
def gone(monkeypatch):
    """Whoever leaves is gone at once."""
    monkeypatch.setattr(presence, "GRACE", timedelta())


def states(socket):
    return [(told["userId"], told["online"]) for told in socket.arrived("presence_changed")]


def test_presence_reaches_the_other_one_of_two(api, cast, direct, open_socket, settle, gone):
    other, stranger = open_socket(cast.member), open_socket(cast.outsider)
    settle()
    mine = open_socket(cast.owner)
    settle()
    shown = api.as_(cast.member).get(f"{CONVERSATIONS}/{direct['id']}")["conversation"]["participants"]
    assert {p["id"]: p["online"] for p in shown} == {cast.owner.id: True, cast.member.id: True}
    mine.disconnect()
    settle()
    assert states(other) == [(cast.owner.id, True), (cast.owner.id, False)]
    assert states(stranger) == []
    [_, left] = other.arrived("presence_changed")
    shown = api.as_(cast.member).get(f"{CONVERSATIONS}/{direct['id']}")["conversation"]["participants"]
    assert [p["lastSeenAt"] for p in shown if p["id"] == cast.owner.id] == [left["lastSeenAt"]]


def test_of_a_group_who_looks_at_it_hears(api, cast, group, open_socket, settle):
    looking, elsewhere = open_socket(cast.member), open_socket(cast.member)
    looking.emit("join_conversation", group["id"])
    open_socket(cast.owner)
    settle()
    assert states(looking) == [(cast.owner.id, True)]
    assert states(elsewhere) == []


def test_hiding_presence_is_mutual(api, cast, direct, open_socket, settle):
    api.as_(cast.member).patch("/api/users/me", {"showPresence": False})
    hidden = open_socket(cast.member)
    mine = open_socket(cast.owner)
    settle()
    assert (states(hidden), states(mine)) == ([], [])
    for person in (cast.owner, cast.member):
        shown = api.as_(person).get(f"{CONVERSATIONS}/{direct['id']}")["conversation"]["participants"]
        other = next(p for p in shown if p["id"] != person.id)
        assert (other["online"], other["lastSeenAt"]) == (False, None)
    api.as_(cast.member).patch("/api/users/me", {"showPresence": True})
    assert states(mine) == [(cast.member.id, True)]
    api.as_(cast.owner).patch("/api/users/me", {"showPresence": False})
    assert states(hidden) == [(cast.owner.id, False)]


def test_delivered_to_who_is_here_and_to_who_comes(api, cast, direct, open_socket, settle):
    mine = open_socket(cast.owner)
    settle()
    [first] = making.say(api, cast.owner, direct, "One")
    settle()
    assert mine.arrived("messages_delivered") == []
    theirs = open_socket(cast.member)
    settle()
    [second] = making.say(api, cast.owner, direct, "Two")
    settle()
    told = mine.arrived("messages_delivered")
    assert [(t["conversationId"], t["userId"], t["messageId"]) for t in told] == [
        (direct["id"], cast.member.id, first["id"]),
        (direct["id"], cast.member.id, second["id"]),
    ]
    assert theirs.arrived("messages_delivered") == []


@pytest.mark.parametrize("hides", ["owner", "member"])
def test_hidden_reading_is_told_to_oneself(api, cast, direct, open_socket, settle, hides):
    mine, theirs, tab = open_socket(cast.owner), open_socket(cast.member), open_socket(cast.member)
    api.as_(getattr(cast, hides)).patch("/api/users/me", {"showReceipts": False})
    [message] = making.say(api, cast.owner, direct, "One")
    settle()
    theirs.emit("mark_read", {"conversationId": direct["id"], "messageId": message["id"]})
    assert mine.arrived("messages_read") == mine.arrived("messages_delivered") == []
    assert [t["messageId"] for t in tab.arrived("messages_read")] == [message["id"]]


def test_who_is_notified(api, cast, group, open_socket):
    making.say(api, cast.owner, group, "Nobody is here")
    mine, theirs, stranger = open_socket(cast.owner), open_socket(cast.member), open_socket(cast.outsider)
    [message] = making.say(api, cast.owner, group, "**Good** morning")
    assert mine.arrived(NOTICE) == stranger.arrived(NOTICE) == []
    assert theirs.arrived(NOTICE) == [
        {
            "conversationId": group["id"],
            "conversationName": "The mill",
            "messageId": message["id"],
            "senderName": "Mara Ellison",
            "messagePreview": "Good morning",
            "messageType": "text",
            "isPriority": False,
            "priorityLevel": "normal",
        }
    ]


def test_a_direct_conversation_is_named_after_the_sender(api, cast, direct, open_socket):
    theirs = open_socket(cast.member)
    making.say(api, cast.owner, direct, "Hello")
    assert [told["conversationName"] for told in theirs.arrived(NOTICE)] == ["Mara Ellison"]


def test_who_looks_at_it_anywhere_is_not(api, cast, group, open_socket):
    phone, laptop = open_socket(cast.member), open_socket(cast.member)
    laptop.emit("join_conversation", group["id"])
    making.say(api, cast.owner, group, "One")
    laptop.emit("leave_conversation", group["id"])
    making.say(api, cast.owner, group, "Two")
    assert [len(socket.arrived(NOTICE)) for socket in (phone, laptop)] == [1, 1]


def test_system_lines_notify_nobody(api, cast, group, open_socket):
    theirs = open_socket(cast.member)
    api.as_(cast.owner).patch(f"{CONVERSATIONS}/{group['id']}", {"name": "The old mill"})
    assert len(theirs.arrived("message_received")) == 1
    assert theirs.arrived(NOTICE) == []


QUIET = {
    "mute": ("POST", "mute", {"muted": True}),
    "off": ("PUT", "settings", {"settings": {"notifications": False}}),
    "none": ("PUT", "settings", {"settings": {"notificationLevel": "none"}}),
    "mentions": ("PUT", "settings", {"settings": {"notificationLevel": "mentions"}}),
}


@pytest.mark.parametrize("how", QUIET)
@pytest.mark.parametrize("when", ["before", "while"])
def test_who_wants_none_gets_none(api, cast, group, open_socket, how, when):
    method, path, body = QUIET[how]
    theirs = open_socket(cast.member) if when == "while" else None
    api.as_(cast.member).request(method, f"{CONVERSATIONS}/{group['id']}/{path}", json=body)
    theirs = theirs or open_socket(cast.member)
    making.say(api, cast.owner, group, "Good morning")
    making.say(api, cast.owner, group, "Good morning, @Tomasz Novak")
    mentioned = ["Good morning, @Tomasz Novak"] if how == "mentions" else []
    assert [told["messagePreview"] for told in theirs.arrived(NOTICE)] == mentioned


def test_and_all_again(api, cast, group, open_socket):
    theirs, path = open_socket(cast.member), f"{CONVERSATIONS}/{group['id']}/settings"
    levels = []
    for chosen in (
        {"notificationLevel": "mentions"},
        {"notifications": True},
        {"notifications": False},
        {"notifications": True},
    ):
        shown = api.as_(cast.member).put(path, {"settings": chosen})["conversation"]["settings"]
        levels.append((shown["notificationLevel"], shown["notifications"]))
    assert levels == [("mentions", True), ("mentions", True), ("none", False), ("all", True)]
    making.say(api, cast.owner, group, "Good morning")
    assert len(theirs.arrived(NOTICE)) == 1


def test_a_mute_ends_by_itself_and_says_so(api, cast, group, open_socket, swept):
    theirs, until = open_socket(cast.member), times.iso(clock.real_now() + timedelta(seconds=DAY))
    shown = api.as_(cast.member).post(f"{CONVERSATIONS}/{group['id']}/mute", {"mutedUntil": until})
    assert shown["conversation"]["mutedBy"] != []
    swept(DAY // 2)
    making.say(api, cast.owner, group, "Not yet")
    swept(DAY)
    making.say(api, cast.owner, group, "Now")
    assert [told["messagePreview"] for told in theirs.arrived(NOTICE)] == ["Now"]
    [muted, ended] = theirs.arrived("conversation_settings_updated")
    assert [len(told["conversation"]["mutedBy"]) for told in (muted, ended)] == [1, 0]
    assert open_socket(cast.owner).arrived("conversation_settings_updated") == []


def test_a_mute_that_was_changed_meanwhile_stands(app, api, cast, group):
    api.as_(cast.member).post(f"{CONVERSATIONS}/{group['id']}/mute", {"muted": True})
    with app.app_context():
        for person in (cast.member, cast.outsider):
            [job] = settings.JOBS
            assert job.carry_out((int(group["id"]), int(person.id))) is False
    shown = api.as_(cast.member).get(f"{CONVERSATIONS}/{group['id']}")["conversation"]
    assert len(shown["mutedBy"]) == 1


def test_marking_unread_is_told_to_one_s_own_devices(api, cast, direct, open_socket):
    mine, theirs = open_socket(cast.owner), open_socket(cast.member)
    [message] = making.say(api, cast.member, direct, "One")
    mine.emit("mark_read", {"conversationId": direct["id"], "messageId": message["id"]})
    api.as_(cast.owner).post(f"{CONVERSATIONS}/{direct['id']}/unread")
    mine.emit("mark_read", {"conversationId": direct["id"], "messageId": message["id"]})
    told = [event["conversation"]["markedUnread"] for event in mine.arrived("conversation_settings_updated")]
    assert (told, theirs.arrived("conversation_settings_updated")) == ([True, False], [])
