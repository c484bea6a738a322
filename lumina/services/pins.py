"""Pinned messages, up to ten in a conversation, by any member."""

from __future__ import annotations

from sqlalchemy import func, select

from lumina.errors import Conflict
from lumina.extensions import db
from lumina.models import Message, User, statements
from lumina.services import lines, lookup, receipts, views
from lumina.services.changes import Change, changing, touch, unchanged, updated
from lumina.services.views import ConversationView, MessageView

MOST = 10


@changing
def pin(actor: User, change: Change, pinned: bool) -> MessageView:
    """Pin a message, or take the pin out. Raises NotFound, Forbidden, Conflict."""
    change.require_standing()
    message = change.message
    if pinned == (message.pinned_at is not None):
        return unchanged(message)
    if pinned:
        change.require_reachable(actor)
        _require_room(message.conversation_id)
    touch(change.conversation, message)
    message.pinned_at = message.updated_at if pinned else None
    message.pinned_by_id = actor.id if pinned else None
    view = updated(message)
    if pinned:
        lines.add(change.conversation, actor, "pinned", messageId=str(message.id))
    return view


def list_for(actor: User, conversation_id: str) -> list[MessageView]:
    """The pinned messages, the newest pin first. Raises NotFound."""
    found = _pinned(actor, lookup.membership_of(actor, conversation_id))
    receipts.stand(actor, found)
    return found


def list_in(actor: User, conversation: ConversationView) -> list[MessageView]:
    """The same of a conversation that the actor has found already."""
    found = _pinned(actor, conversation.conversation.id)
    receipts.stand_in(actor, conversation, found)
    return found


def _pinned(actor: User, conversation_id: int) -> list[MessageView]:
    return views.messages(statements.messages.PINNED, of=conversation_id, viewer=actor.id, most=MOST)


def _require_room(conversation_id: int) -> None:
    count = select(func.count()).where(
        Message.conversation_id == conversation_id, Message.pinned_at.is_not(None)
    )
    if (db.session.scalar(count) or 0) >= MOST:
        raise Conflict(f"At most {MOST} messages can be pinned.", code="too_many_pins")
