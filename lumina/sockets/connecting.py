"""Coming and going: who a socket belongs to, and the rooms that it is in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request
from flask_login import current_user
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import join_room, leave_room

from lumina import clock
from lumina.errors import Unauthorized
from lumina.extensions import socketio
from lumina.models import Session
from lumina.presenters import rooms
from lumina.schemas.accounts import Renew
from lumina.services import members, sessions, tokens
from lumina.sockets import connections, ticker, typing
from lumina.sockets.connections import Connection
from lumina.sockets.event import on


@socketio.on("connect")
def connect(auth: Any = None) -> None:
    """By a token, or by the page's session cookie; anything else is refused."""
    auth = auth if isinstance(auth, dict) else {}
    try:
        session, expires_at = _authenticate(auth.get("token"))
    except Unauthorized:
        raise Refused("unauthorized") from None
    connection = Connection(
        request.sid,  # type: ignore[attr-defined]
        session.user,
        session.id,
        expires_at,
        auth.get("html") is True,
    )
    connections.add(connection)
    _join(connection)
    if sessions.find(str(session.id)) is None:
        connections.remove(connection.sid)
        raise Refused("unauthorized")
    ticker.start()


def _authenticate(token: object) -> tuple[Session, datetime]:
    if token is None and current_user.is_authenticated:
        # Found again: noting that a session is in use, as the cookie's check may, lets go of its row.
        session = sessions.find(current_user.get_id())
        if session is None:
            raise Unauthorized
        return session, session.expires_at
    if not isinstance(token, str):
        raise Unauthorized
    _, _, expires_at = tokens.read(token)
    return sessions.authenticate(token), expires_at


def _join(connection: Connection) -> None:
    """First the person's own room, by which changes of membership find the socket; then the conversations; and
    then the memberships are read again, so that no removal slips between."""
    user_id = connection.user.id
    join_room(rooms.user(user_id))
    join_room(rooms.session(connection.session_id))
    if connection.html:
        join_room(rooms.user_html(user_id))
    joined = members.conversations_of(connection.user)
    for conversation_id in joined:
        join_room(rooms.conversation(conversation_id, html=connection.html))
    for conversation_id in joined - members.conversations_of(connection.user):
        leave_room(rooms.conversation(conversation_id, html=connection.html))


@socketio.on("disconnect")
def disconnect(*_: object) -> None:
    if connections.remove(request.sid):  # type: ignore[attr-defined]
        typing.leave(request.sid)  # type: ignore[attr-defined]


@on("auth", Renew)
def renew(connection: Connection, body: Renew) -> dict[str, Any]:
    """Go on with a fresh token of the same person before the old one ends."""
    session = sessions.authenticate(body.token)
    if session.user_id != connection.user.id:
        raise Unauthorized("This token belongs to somebody else.")
    if session.id != connection.session_id:
        leave_room(rooms.session(connection.session_id))
        join_room(rooms.session(session.id))
        connection.session_id = session.id
    _, _, connection.expires_at = tokens.read(body.token)
    return {}


@ticker.job
def close_expired() -> None:
    """Close the sockets whose token has ended."""
    for sid in connections.expired(clock.real_now()):
        socketio.server.disconnect(sid)
