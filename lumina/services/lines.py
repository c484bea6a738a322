"""System lines: what happened to a conversation, told in its history as {kind, params} and worded on display."""

from __future__ import annotations

from typing import Any

from lumina import clock
from lumina.extensions import db
from lumina.models import Conversation, Message, User
from lumina.services import events, views
from lumina.services.unit_of_work import record


def add(conversation: Conversation, actor: User, kind: str, **params: object) -> None:
    """Within an operation that has locked the conversation: a line that the actor caused."""
    note(conversation, actor.id, kind, params)


def note(conversation: Conversation, sender_id: int, kind: str, params: dict[str, Any]) -> None:
    """The same where nobody acts, as at a deadline: the line stands under the name of whom it concerns."""
    now = clock.now()
    conversation.version += 1
    line = Message(
        conversation_id=conversation.id,
        sender_id=sender_id,
        type="system",
        content="",
        system={"kind": kind, "params": params},
        position=conversation.version,
        version=conversation.version,
        created_at=now,
        updated_at=now,
    )
    db.session.add(line)
    db.session.flush()
    conversation.last_message_id = line.id
    conversation.last_message_at = conversation.active_at = now
    db.session.flush()
    record(events.MessageSent(views.message(line.id)))
