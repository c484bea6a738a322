"""What leaves for the sockets: everything that happens, when it has happened, to whom it concerns."""

from typing import get_args

import pytest

from lumina.extensions import db, socketio
from lumina.models import Message
from lumina.outlets import hub, realtime
from lumina.outlets.order import Lines
from lumina.presenters import fragments
from lumina.services import events, messages
from lumina.services.unit_of_work import operation
from tests.support import making

CONVERSATIONS = "/api/messages/conversations"
GOES_BY_MAIL = {events.PasswordResetAsked, events.DigestDue}
CROWD = 99  # beside the owner and the member: 101


@pytest.fixture
def group(api, cast):
    return making.group(api, cast.owner, cast.member)


@pytest.fixture
def large(app, api, cast, group):
    making.admit(app, group, making.crowd(app, CROWD))
    return api.as_(cast.owner).get(f"{CONVERSATIONS}/{group['id']}")["conversation"]


def test_every_event_has_its_way_out():
    assert set(realtime.PREPARE) == set(get_args(events.Event)) - GOES_BY_MAIL
    assert realtime.outlet(events.PasswordResetAsked("mara@example.org", "Mara", "https://x/")) is None


def test_what_is_told_is_there_already(app, api, cast, group, monkeypatch):
    seen = []

    def look(name, payload, **_):
        with app.app_context():
            seen.append((name, db.session.get(Message, int(payload["message"]["id"])) is not None))

    monkeypatch.setattr(socketio, "emit", look)
    making.say(api, cast.owner, group, "Hello")
    assert set(seen) == {("message_received", True)}


def test_a_bubble_is_made_where_a_page_listens(api, cast, group, open_socket, monkeypatch):
    made = []

    def bubble(message):
        made.append(message["content"])
        return "<li>"

    monkeypatch.setattr(fragments, "bubble", bubble)
    program = open_socket(cast.member)
    making.say(api, cast.owner, group, "To programs")
    page = open_socket(cast.member, html=True)
    making.say(api, cast.owner, group, "To pages")
    assert made == ["To pages"]
    assert [told["html"] for told in page.arrived("message_received")] == ["<li>"]
    assert ["html" in told for told in program.arrived("message_received")] == [False, False]


def test_a_bubble_is_made_for_whoever_may_listen_at_another_process(api, cast, group, monkeypatch):
    carried = []
    monkeypatch.setattr(hub, "carry", lambda act, arguments: carried.append((act, arguments)))
    making.say(api, cast.owner, group, "To all")
    assert any("html" in arguments.get("payload", ()) for _, arguments in carried)


def test_what_is_rolled_back_is_not_told_and_holds_nothing_up(app, api, cast, group, open_socket):
    listener = open_socket(cast.member)

    @operation()
    def send_and_fail(actor):
        messages.send(actor, group["id"], content="Never")
        raise RuntimeError

    with app.app_context(), pytest.raises(RuntimeError):
        send_and_fail(cast.owner.user)
    making.say(api, cast.owner, group, "After all")
    (told,) = listener.arrived("message_received")
    assert (told["message"]["content"], told["version"]) == ("After all", 1)


def test_a_send_that_fails_loses_no_message_and_stops_no_other(api, cast, group, open_socket, monkeypatch):
    listener, emit = open_socket(cast.member), socketio.emit

    def fail(*_, **__):
        raise OSError("the network is gone")

    monkeypatch.setattr(socketio, "emit", fail)
    making.say(api, cast.owner, group, "Swallowed")
    monkeypatch.setattr(socketio, "emit", emit)
    making.say(api, cast.owner, group, "Told")
    assert [told["version"] for told in listener.arrived("message_received")] == [2]
    stored = api.as_(cast.member).get(f"{CONVERSATIONS}/{group['id']}", since=0)["messages"]
    assert [message["content"] for message in stored] == ["Swallowed", "Told"]


def test_one_that_fails_lets_those_behind_it_go():
    lines, left = Lines(), []
    first = lines.departure(1, lambda: 1 / 0)
    second = lines.departure(1, lambda: left.append("second"))
    second.send()
    first.send()
    assert left == ["second"]
    assert lines._lines == {}


def test_in_a_large_group_reading_is_told_to_authors_and_oneself(api, cast, large, open_socket):
    api.as_(cast.owner).post(f"{CONVERSATIONS}/{large['id']}/members", {"userIds": [cast.outsider.id]})
    reader, author, silent = (open_socket(person) for person in (cast.member, cast.owner, cast.outsider))
    (message,) = making.say(api, cast.owner, large, "Hello, everybody")
    api.as_(cast.member).post(f"{CONVERSATIONS}/{large['id']}/read", {"messageId": message["id"]})
    assert [len(socket.arrived("messages_read")) for socket in (reader, author, silent)] == [1, 1, 0]
    assert len(silent.arrived("message_received")) == 1


def test_a_large_group_is_broadcast_with_its_admins_alone(api, cast, large, open_socket):
    listener = open_socket(cast.member)
    api.as_(cast.owner).patch(f"{CONVERSATIONS}/{large['id']}", {"name": "Everybody"})
    (told,) = listener.arrived("conversation_updated")
    assert [person["id"] for person in told["conversation"]["participants"]] == [cast.owner.id]
    assert told["conversation"]["participantCount"] == CROWD + 2
