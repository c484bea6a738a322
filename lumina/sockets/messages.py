"""Sending a message, and what can happen to one."""

from __future__ import annotations

from typing import Any

from lumina.presenters import wire
from lumina.schemas.messages import DeleteMessageAt, EditMessageAt, ReactAt, SendMessage
from lumina.services import deletions, edits, messages, reactions
from lumina.services.views import MessageView
from lumina.sockets.connections import Connection
from lumina.sockets.event import on


def _one(connection: Connection, view: MessageView) -> dict[str, Any]:
    return {"message": wire.message(view, connection.user)}


@on("new_message", SendMessage)
def send(connection: Connection, body: SendMessage) -> dict[str, Any]:
    """Send a message."""
    arguments = body.arguments()
    return _one(connection, messages.send(connection.user, arguments.pop("conversation_id"), **arguments))


@on("edit_message", EditMessageAt)
def edit(connection: Connection, body: EditMessageAt) -> dict[str, Any]:
    """Edit a message."""
    return _one(connection, edits.edit(connection.user, body.message_id, body.content))


@on("message_reaction", ReactAt)
def react(connection: Connection, body: ReactAt) -> dict[str, Any]:
    """Toggle one's reaction, or set it to `active`."""
    return _one(connection, reactions.react(connection.user, body.message_id, body.reaction, body.active))


@on("delete_message", DeleteMessageAt)
def delete(connection: Connection, body: DeleteMessageAt) -> dict[str, Any]:
    """Delete a message for everyone, or for oneself."""
    return _one(connection, deletions.delete(connection.user, body.message_id, body.scope))
