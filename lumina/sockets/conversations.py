"""Looking at a conversation, reading it, and its settings."""

from __future__ import annotations

from typing import Any

from lumina.presenters import rooms, wire
from lumina.schemas.conversations import AtConversation, ChangeSettingsAt, MarkReadAt
from lumina.services import conversations, escrows, looking, receipts, settings
from lumina.services.views import ConversationView
from lumina.sockets.connections import Connection, enter_room, leave_room
from lumina.sockets.event import on


def _one(connection: Connection, view: ConversationView) -> dict[str, Any]:
    return {"conversation": wire.conversation(view, connection.user)}


@on("join_conversation", AtConversation)
def join(connection: Connection, body: AtConversation) -> dict[str, Any]:
    """The person now looks at it."""
    view = conversations.find(connection.user, body.conversation_id)
    enter_room(connection, rooms.looking(view.conversation.id))
    connection.looks_at.add(view.conversation.id)
    looking.begin(connection.user.id, view.conversation.id)
    if view.escrow:
        escrows.note_opened(connection.user, view.conversation.id)
    return _one(connection, view)


@on("leave_conversation", AtConversation)
def leave(connection: Connection, body: AtConversation) -> dict[str, Any]:
    """The person looks at it no longer; its messages keep coming."""
    view = conversations.find(connection.user, body.conversation_id)
    leave_room(connection, rooms.looking(view.conversation.id))
    connection.looks_at.discard(view.conversation.id)
    looking.end(connection.user.id, view.conversation.id)
    return _one(connection, view)


@on("mark_read", MarkReadAt)
def mark_read(connection: Connection, body: MarkReadAt) -> dict[str, Any]:
    """Read up to and including a message."""
    return _one(connection, receipts.mark_read(connection.user, body.conversation_id, body.message_id))


@on("conversation_settings_update", ChangeSettingsAt)
def change_settings(connection: Connection, body: ChangeSettingsAt) -> dict[str, Any]:
    """Change one's own `notifications`, or what all share."""
    return _one(connection, settings.change(connection.user, body.conversation_id, **body.given()))
