"""Who is let in, and who is not."""

from datetime import timedelta
from typing import Any

import jwt
import pytest

from lumina import clock
from lumina.extensions import socketio
from lumina.sockets import connecting, connections


def works(socket: Any, conversation: dict[str, Any]) -> bool:
    return socket.connected and socket.emit("join_conversation", conversation["id"])["success"]


def test_a_token_lets_its_person_in(cast, direct, open_socket):
    assert works(open_socket(cast.owner), direct)


def test_the_pages_cookie_lets_its_person_in(direct, open_socket, owners_page):
    assert works(open_socket(page=owners_page), direct)
    assert works(open_socket(page=owners_page, html=True), direct)


def test_a_page_that_was_open_for_long_is_let_in_again(direct, open_socket, owners_page, monkeypatch):
    later = clock.real_now() + timedelta(days=1)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert works(open_socket(page=owners_page), direct)


@pytest.mark.parametrize(
    "auth",
    [
        None,
        {},
        {"token": None},
        {"token": ""},
        {"token": "garbage"},
        {"token": "a.b.c"},
        {"token": 7},
        {"token": ["x"]},
        {"token": {"token": "x"}},
        {"html": True},
        "garbage",
        ["token"],
        7,
        True,
    ],
)
def test_nobody_else_is_let_in(app, cast, auth):
    refused = socketio.test_client(app, auth=auth)
    assert not refused.is_connected()


def test_a_bad_token_is_refused_even_beside_a_good_cookie(app, owners_page):
    refused = socketio.test_client(app, auth={"token": "garbage"}, flask_test_client=owners_page)
    assert not refused.is_connected()


@pytest.mark.parametrize("claims", [{"exp": 1}, {"sub": "0"}, {"jti": "x"}, {"jti": "0.x"}])
def test_a_token_that_has_ended_or_was_altered_is_refused(cast, config, open_socket, claims):
    own = jwt.decode(cast.owner.token, config.jwt_secret, ["HS256"])
    assert not open_socket(token=jwt.encode(own | claims, config.jwt_secret)).connected
    assert open_socket(token=jwt.encode(own, config.jwt_secret)).connected


def test_another_secret_and_no_signature_are_refused(cast, config, open_socket):
    own = jwt.decode(cast.owner.token, config.jwt_secret, ["HS256"])
    assert not open_socket(token=jwt.encode(own, "another secret " * 3)).connected
    assert not open_socket(token=jwt.encode(own, None, "none")).connected


def test_an_ended_session_is_refused(api, cast, open_socket):
    api.as_(cast.owner).post("/api/auth/logout")
    assert not open_socket(cast.owner).connected


def test_the_cookie_of_a_revoked_session_is_refused(api, cast, open_socket, owners_page):
    for session in api.as_(cast.owner).get("/api/auth/sessions")["sessions"]:
        if not session["current"]:
            api.as_(cast.owner).delete(f"/api/auth/sessions/{session['id']}")
    assert not open_socket(page=owners_page).connected


def test_whoever_has_gone_is_forgotten(cast, open_socket):
    before = len(connections._connections)
    socket = open_socket(cast.owner)
    assert len(connections._connections) == before + 1
    socket.disconnect()
    assert len(connections._connections) == before


def test_who_is_refused_leaves_nothing_behind(cast, open_socket):
    before = len(connections._connections)
    open_socket(token="garbage")
    assert len(connections._connections) == before


@pytest.fixture
def meanwhile(monkeypatch):
    """meanwhile(act): it happens once, after a socket's memberships have been read and before it is in their rooms."""

    def happens(act):
        read, acts = connecting._rooms_of_conversations, [act]

        def slow(connection):
            found = read(connection)
            while acts:
                acts.pop()()
            return found

        monkeypatch.setattr(connecting, "_rooms_of_conversations", slow)

    return happens


def test_who_is_removed_while_being_let_in_hears_nothing(api, cast, group, open_socket, meanwhile):
    owner = api.as_(cast.owner)
    members = f"/api/messages/conversations/{group['id']}/members"
    meanwhile(lambda: owner.delete(f"{members}/{cast.member.id}"))
    socket = open_socket(cast.member)
    owner.post("/api/messages", {"conversationId": group["id"], "content": "Are they gone?"})
    assert socket.connected
    assert not socket.arrived("message_received")


def test_who_is_added_while_being_let_in_hears_all(api, cast, group, open_socket, meanwhile):
    owner = api.as_(cast.owner)
    members = f"/api/messages/conversations/{group['id']}/members"
    meanwhile(lambda: owner.post(members, {"userIds": [cast.outsider.id]}))
    socket = open_socket(cast.outsider)
    owner.post("/api/messages", {"conversationId": group["id"], "content": "Welcome"})
    assert "Welcome" in [told["message"]["content"] for told in socket.arrived("message_received")]


def test_whose_session_ends_while_being_let_in_is_refused(api, cast, direct, open_socket, meanwhile):
    meanwhile(lambda: api.as_(cast.owner).post("/api/auth/logout"))
    assert not open_socket(cast.owner).connected
