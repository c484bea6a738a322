"""Typing, which stops by itself after six seconds, and when its socket goes."""

from __future__ import annotations

import time
from typing import Any

from lumina.schemas.conversations import AtConversation
from lumina.services import typing
from lumina.sockets import ticker
from lumina.sockets.connections import Connection
from lumina.sockets.event import on

LASTS = 6.0
# (socket, conversation) -> until when, on the monotonic clock.
_typists: dict[tuple[str, str], tuple[float, Connection]] = {}


@on("typing_start", AtConversation)
def start(connection: Connection, body: AtConversation) -> dict[str, Any]:
    """Tell the other members that this person is typing."""
    typing.start(connection.user, body.conversation_id)
    _typists[connection.sid, body.conversation_id] = time.monotonic() + LASTS, connection
    return {}


@on("typing_stop", AtConversation)
def stop(connection: Connection, body: AtConversation) -> dict[str, Any]:
    """Tell the other members that this person has stopped."""
    _typists.pop((connection.sid, body.conversation_id), None)
    typing.stop(connection.user, body.conversation_id)
    return {}


def leave(sid: str) -> None:
    """A socket is gone, and what it was typing with it."""
    _stop([key for key in _typists if key[0] == sid])


@ticker.job
def stop_silent() -> None:
    """Stop those who have not been heard of for six seconds."""
    now = time.monotonic()
    _stop([key for key, (until, _) in _typists.items() if until <= now])


def _stop(keys: list[tuple[str, str]]) -> None:
    for key in keys:
        found = _typists.pop(key, None)
        if found and not _types_elsewhere(found[1].user.id, key[1]):
            typing.end(found[1].user, key[1])


def _types_elsewhere(user_id: int, conversation_id: str) -> bool:
    return any(
        key[1] == conversation_id and connection.user.id == user_id
        for key, (_, connection) in _typists.items()
    )
