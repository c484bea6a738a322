"""Sending a message."""

from __future__ import annotations

from typing import Any

from lumina.presenters import wire
from lumina.schemas.messages import SendMessage
from lumina.services import messages
from lumina.sockets.connections import Connection
from lumina.sockets.event import on


@on("new_message", SendMessage)
def send(connection: Connection, body: SendMessage) -> dict[str, Any]:
    """Send a message."""
    return {"message": wire.message(messages.send(connection.user, **body.arguments()), connection.user)}
