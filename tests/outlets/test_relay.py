"""What a command changes waits in a table for the server, and reaches the sockets by it."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import click
import pytest
from sqlalchemy import func, select

from lumina.extensions import db
from lumina.models import RelayedEvent, Session
from lumina.outlets import hub, relay
from lumina.services import members, messages, sessions
from lumina.services.unit_of_work import operation
from tests.support import making


@pytest.fixture
def group(api, cast):
    return making.group(api, cast.owner, cast.member)


@pytest.fixture
def command(app):
    """Does something as a command does it."""

    def run(work):
        with app.app_context(), click.Context(click.Command("trial")):
            work()

    return run


@pytest.fixture
def deliver(app):
    """What the server does now and then; how often it paused."""

    def run():
        with app.app_context():
            return len(list(relay.deliver()))

    return run


def waiting(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(RelayedEvent))


def test_a_message_of_a_command_reaches_programs_and_pages(app, cast, group, open_socket, command, deliver):
    program, page = open_socket(cast.member), open_socket(cast.member, html=True)
    command(lambda: messages.send(cast.owner.user, group["id"], content="By hand"))
    assert program.arrived("message_received") == []
    deliver()
    (plain,) = program.arrived("message_received")
    (rich,) = page.arrived("message_received")
    assert plain["message"]["content"] == "By hand"
    assert "By hand" in rich.pop("html")
    assert rich == plain
    deliver()
    assert (len(program.arrived("message_received")), waiting(app)) == (1, 0)


def test_elsewhere_nothing_waits(app, api, cast, group, open_socket):
    program = open_socket(cast.member)
    making.say(api, cast.owner, group, "Straight on")
    assert len(program.arrived("message_received")) == 1
    assert waiting(app) == 0


def test_they_leave_in_their_order(cast, group, open_socket, command, deliver, monkeypatch):
    monkeypatch.setattr(relay, "BATCH", 4)
    program = open_socket(cast.member)
    command(lambda: [messages.send(cast.owner.user, group["id"], content=str(n)) for n in range(10)])
    # Of each message three things are done: it is sent to both rooms, and those who do not look are notified.
    assert deliver() == 8
    assert [told["version"] for told in program.arrived("message_received")] == list(range(1, 11))


def test_rooms_are_entered_and_left(api, cast, group, open_socket, command, deliver):
    outsider, member = open_socket(cast.outsider), open_socket(cast.member)

    def swap():
        members.add(cast.owner.user, group["id"], [cast.outsider.id])
        members.remove(cast.owner.user, group["id"], cast.member.id)

    command(swap)
    deliver()
    making.say(api, cast.owner, group, "Who hears?")
    assert len(outsider.arrived("conversation_created")) == 1
    heard = [
        [told["message"]["content"] for told in socket.arrived("message_received")]
        for socket in (outsider, member)
    ]
    assert heard[0][-1:] == ["Who hears?"]
    assert "Who hears?" not in heard[1]


def test_sockets_of_ended_sessions_are_closed(cast, open_socket, command, deliver):
    own, other = open_socket(cast.owner), open_socket(cast.member)

    def sign_out():
        session_id = db.session.scalar(select(Session.id).where(Session.user_id == int(cast.owner.id)))
        sessions.end(cast.owner.user, session_id)

    command(sign_out)
    assert own.connected
    deliver()
    assert (own.connected, other.connected) == (False, True)


def test_what_is_rolled_back_does_not_wait(app, cast, group, command):
    @operation()
    def send_and_fail(actor):
        messages.send(actor, group["id"], content="Never")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        command(lambda: send_and_fail(cast.owner.user))
    assert waiting(app) == 0


def test_one_that_cannot_be_sent_holds_nothing_up(app, cast, group, open_socket, command, deliver, caplog):
    program = open_socket(cast.member)
    with app.app_context():
        db.session.add(RelayedEvent(act="somersault", arguments={}))
        db.session.commit()
    command(lambda: messages.send(cast.owner.user, group["id"], content="By hand"))
    caplog.set_level(logging.ERROR)
    deliver()
    assert "an event of a command could not be sent" in caplog.text
    assert len(program.arrived("message_received")) == 1


def test_several_servers_send_each_once(app, cast, group, command, monkeypatch):
    command(lambda: [messages.send(cast.owner.user, group["id"], content=str(n)) for n in range(20)])
    monkeypatch.setattr(relay, "BATCH", 3)
    sent, together = [], threading.Barrier(3)
    monkeypatch.setitem(hub.ACTS, "emit", lambda event, payload, to: sent.append((payload["version"], to)))

    def serve(_):
        together.wait()
        with app.app_context():
            list(relay.deliver())

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(serve, range(3)))
    assert len(sent) == len(set(sent)) == 40
    assert waiting(app) == 0
