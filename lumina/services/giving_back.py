"""Giving back, at once and in full, what is held for an answer that cannot come any more.

Whoever parts takes the locks here first, in the one order: offers, conversations by id; then the person's row.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from lumina.extensions import db
from lumina.models import Conversation, Escrow, Expert
from lumina.services import settling


def lock_offers(*user_ids: int) -> None:
    """Within an operation, its first locks: purchases of these people's attention wait, and those before are there."""
    db.session.execute(
        select(Expert.user_id).where(Expert.user_id.in_(user_ids)).order_by(Expert.user_id).with_for_update()
    )


def lock_conversations(which: ColumnElement[bool]) -> list[Conversation]:
    """Those of which this holds, locked in the order of their ids."""
    return list(
        db.session.scalars(
            select(Conversation)
            .where(which)
            .order_by(Conversation.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def asking(expert_id: int) -> ColumnElement[bool]:
    """Of a conversation: something is held in it for this expert's answer, or its client may buy such a thing."""
    waiting = select(Escrow.conversation_id).where(
        Escrow.expert_id == expert_id, or_(Escrow.state == "held", Escrow.is_open)
    )
    return Conversation.id.in_(waiting)


def give_back(conversations: Iterable[Conversation], reason: str, now: datetime) -> None:
    """Refund all that is held in these conversations, which are locked."""
    by_id = {conversation.id: conversation for conversation in conversations}
    held = [escrow for of in sorted(by_id) for escrow in settling.locked(of, "held")]
    if held:
        settling.refund_each([(by_id[escrow.conversation_id], escrow) for escrow in held], reason, now)
