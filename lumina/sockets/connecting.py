"""Coming and going: who a socket belongs to, and the rooms that it is in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Flask
from flask_login import current_user
from flask_socketio import ConnectionRefusedError as Refused

from lumina import clock
from lumina.errors import Unauthorized
from lumina.extensions import socketio
from lumina.models import Session
from lumina.presenters import rooms
from lumina.presenters.refusals import refusal
from lumina.schemas.accounts import Renew
from lumina.services import looking, members, presence, sessions, tokens
from lumina.sockets import connections, ticker, typing, watching
from lumina.sockets.connections import Connection, enter_room, leave_room
from lumina.sockets.event import app_around, on


def connect(sid: str, environ: dict[str, Any], auth: object = None) -> None:
    """By a token, or by the page's session cookie; anything else is refused."""
    given: dict[str, Any] = auth if isinstance(auth, dict) else {}
    app: Flask = environ["flask.app"]
    # A request, which takes as long as all the rest, is made for the cookie only.
    around = app.request_context(environ) if given.get("token") is None else app.app_context()
    with around, watching.event("connect") as noted:
        try:
            _let_in(sid, given)
        except Exception as error:
            _forget(sid)
            noted.outcome = refusal(error).code
            raise Refused(noted.outcome) from None
        ticker.start()


def _let_in(sid: str, auth: dict[str, Any]) -> None:
    moves = presence.moves()
    session, expires_at = _authenticate(auth.get("token"))
    connection = Connection(sid, session.user, session.id, expires_at, auth.get("html") is True)
    connections.add(connection)
    presence.enter(connection.user.id, sid)
    _join(connection)
    # Whoever ended the session before the socket was in its room could not find it there.
    if presence.moves() != moves and sessions.find(str(session.id)) is None:
        raise Unauthorized


def _authenticate(token: object) -> tuple[Session, datetime]:
    if token is None and current_user.is_authenticated:
        session: Session = current_user._get_current_object()
        return session, session.expires_at
    if not isinstance(token, str):
        raise Unauthorized
    _, _, expires_at = tokens.read(token)
    return sessions.authenticate(token), expires_at


def _join(connection: Connection) -> None:
    """First the person's own rooms, by which changes of membership and settings find the socket; then those of the
    conversations; and where anybody was moved meanwhile the memberships are read again, so that no removal and no mute
    slips between."""
    for room in _own_rooms(connection):
        enter_room(connection, room)
    moves, joined = presence.moves(), _enter(connection, set())
    if presence.moves() != moves:
        _enter(connection, joined)


def _enter(connection: Connection, joined: set[str]) -> set[str]:
    """Move a socket from these rooms to those of the person's conversations, as they are now."""
    wanted = _rooms_of_conversations(connection)
    for room in wanted - joined:
        enter_room(connection, room)
    for room in joined - wanted:
        leave_room(connection, room)
    return wanted


def _own_rooms(connection: Connection) -> Iterator[str]:
    user = connection.user
    yield rooms.user(user.id)
    yield rooms.session(connection.session_id)
    if connection.html:
        yield rooms.user_html(user.id)
    if not user.show_presence:
        yield rooms.HIDES_PRESENCE
    if not user.show_receipts:
        yield rooms.HIDES_RECEIPTS


def _rooms_of_conversations(connection: Connection) -> set[str]:
    wanted = set()
    for conversation_id, level in members.conversations_of(connection.user).items():
        wanted.add(rooms.conversation(conversation_id, html=connection.html))
        if level != "all":
            wanted.add(rooms.quiet(conversation_id))
        if level == "mentions":
            wanted.add(rooms.mentions(conversation_id))
    return wanted


def disconnect(sid: str, *_: object) -> None:
    with app_around(sid):
        if _forget(sid):
            typing.leave(sid)


# Taken by Flask-SocketIO when it makes its server, as those of event.py are.
socketio.handlers += [("connect", connect, "/"), ("disconnect", disconnect, "/")]


def _forget(sid: str) -> bool:
    """Whether the socket was known."""
    connection = connections.remove(sid)
    if connection:
        presence.leave(connection.user.id, sid)
        for conversation_id in connection.looks_at:
            looking.end(connection.user.id, conversation_id)
    return connection is not None


@on("auth", Renew)
def renew(connection: Connection, body: Renew) -> dict[str, Any]:
    """Go on with a fresh token of the same person before the old one ends."""
    session = sessions.authenticate(body.token)
    if session.user_id != connection.user.id:
        raise Unauthorized("This token belongs to somebody else.")
    if session.id != connection.session_id:
        leave_room(connection, rooms.session(connection.session_id))
        enter_room(connection, rooms.session(session.id))
        connection.session_id = session.id
        sessions.authenticate(body.token)
    _, _, connection.expires_at = tokens.read(body.token)
    return {}


@ticker.job
def close_expired() -> None:
    """Close the sockets whose token has ended."""
    for sid in connections.expired(clock.real_now()):
        socketio.server.disconnect(sid)
