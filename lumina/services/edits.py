"""Editing a message within its window; what it said before is kept and shown to the members."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from lumina import clock
from lumina.config import Config
from lumina.errors import Forbidden
from lumina.extensions import db
from lumina.models import MessageEdit, User
from lumina.services import attachments, link_previews, lookup, mentions, search_index, text
from lumina.services.changes import Change, changing, touch, unchanged, updated
from lumina.services.views import MessageView

_window = timedelta(days=1)


def configure(config: Config) -> None:
    """Take how long a message may be edited."""
    global _window
    _window = timedelta(seconds=config.edit_window_seconds)


def window() -> timedelta:
    """How long after it was sent a message may be edited."""
    return _window


class Edit(NamedTuple):
    """An earlier text, and when it was written."""

    content: str
    written_at: datetime


@changing
def edit(actor: User, change: Change, content: str) -> MessageView:
    """Say it differently. Raises NotFound, Invalid, Forbidden, Conflict."""
    change.require_standing()
    message, content = change.message, text.message(content, required=not change.message.attachment_count)
    if message.sender_id != actor.id:
        raise Forbidden("Only its sender may edit a message.", code="not_the_sender")
    if clock.now() >= message.created_at + _window:
        raise Forbidden("This message can no longer be edited.", code="edit_window_over")
    if content == message.content:
        return unchanged(message)
    change.require_reachable(actor)
    written_at = message.edited_at or message.created_at
    touch(change.conversation, message)
    db.session.add(
        MessageEdit(
            message_id=message.id, version=message.version, content=message.content, written_at=written_at
        )
    )
    message.content, message.edited_at = content, message.updated_at
    message.mentions = mentions.named_in(message.conversation_id, content) or None
    db.session.flush()
    link_previews.wanted(message)
    search_index.put(message, attachments.names(message))
    return updated(message)


def history(actor: User, message_id: str) -> list[Edit]:
    """What a message said before, oldest first; nothing of a deleted one. Raises NotFound."""
    message = lookup.message_view(actor, message_id).message
    if message.deleted_at:
        return []
    earlier = (
        select(MessageEdit.content, MessageEdit.written_at)
        .where(MessageEdit.message_id == message.id)
        .order_by(MessageEdit.version)
    )
    return [Edit(*row) for row in db.session.execute(earlier)]
