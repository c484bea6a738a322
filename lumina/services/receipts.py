"""How far each member has read: one mark per person, which only moves forward."""

from __future__ import annotations

from sqlalchemy import select

from lumina import clock
from lumina.errors import NotFound
from lumina.extensions import db
from lumina.models import Conversation, Membership, Message, User
from lumina.models.statements import LARGE
from lumina.services import events, lookup
from lumina.services.unit_of_work import operation, record
from lumina.services.views import ConversationView


@operation(queue_by="conversation_id")
def mark_read(actor: User, conversation_id: str, message_id: str) -> ConversationView:
    """Read up to and including that message; an earlier one than before changes nothing. Raises NotFound."""
    of = lookup.row_id(conversation_id)
    membership = db.session.get(Membership, (of, actor.id), with_for_update=True)
    if membership is None:
        raise NotFound
    position = lookup.position(of, message_id)
    if position > membership.read_position:
        now, authors = clock.now(), _authors(membership, position)
        membership.read_position, membership.read_message_id = position, lookup.row_id(message_id)
        membership.read_at = now
        db.session.flush()
        record(events.ConversationRead(of, actor.id, lookup.row_id(message_id), now, authors))
    return lookup.conversation_view(actor, conversation_id)


def _authors(membership: Membership, position: int) -> tuple[int, ...] | None:
    """Whose messages are read by moving the mark to `position`; None where everybody is told."""
    conversation = db.session.get_one(Conversation, membership.conversation_id)
    if conversation.member_count <= LARGE:
        return None
    return tuple(
        db.session.scalars(
            select(Message.sender_id)
            .where(
                Message.conversation_id == conversation.id,
                Message.position > membership.read_position,
                Message.position <= position,
            )
            .distinct()
        )
    )
