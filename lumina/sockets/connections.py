"""Who is connected to this process, and by which right."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from lumina import metrics
from lumina.errors import Unauthorized
from lumina.extensions import socketio
from lumina.models import User


@dataclass(slots=True)
class Connection:
    """One socket: its person, the session that let it in, and when that right ends."""

    sid: str
    user: User
    session_id: int
    expires_at: datetime
    html: bool
    # The conversations that it shows.
    looks_at: set[int] = field(default_factory=set)


_connections: dict[str, Connection] = {}
metrics.watch(metrics.sockets, lambda: len(_connections))


def enter_room(connection: Connection, room: str) -> None:
    socketio.server.enter_room(connection.sid, room)


def leave_room(connection: Connection, room: str) -> None:
    socketio.server.leave_room(connection.sid, room)


def add(connection: Connection) -> None:
    _connections[connection.sid] = connection


def remove(sid: str) -> Connection | None:
    return _connections.pop(sid, None)


def find(sid: str) -> Connection:
    """Raises Unauthorized for a socket that has been closed."""
    if sid not in _connections:
        raise Unauthorized
    return _connections[sid]


def expired(now: datetime) -> list[str]:
    """The sockets whose right has ended."""
    return [sid for sid, connection in _connections.items() if connection.expires_at <= now]
