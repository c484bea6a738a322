"""Writing in a priority conversation: who may, what it costs, and what an answer sets going."""

from __future__ import annotations

from typing import Any

from lumina import clock
from lumina.errors import Conflict, Forbidden, Invalid
from lumina.extensions import db
from lumina.models import Conversation, Escrow, Expert, Message, User, statements
from lumina.models.conversations import pair_of
from lumina.services import experts, purchases, settling
from lumina.services.purchases import PAID_LEVELS


def price_of(actor_id: int, conversation: Any, draft: Any) -> tuple[int, int] | None:
    """Within sending, before anything is written: what the message costs in minor units, and the hours within which it
    is answered; None where it is free. Raises Forbidden window_closed, Invalid, Conflict (price_changed,
    offer_closed)."""
    client_id, expert_id = pair_of(conversation.direct_key)
    if actor_id != client_id:
        return None
    if not purchases.is_open(db.session.get_one(Escrow, conversation.escrow_id), clock.now()):
        raise Forbidden(
            "This conversation is closed. Buy its next window to write again.", code="window_closed"
        )
    if draft.priority_level not in PAID_LEVELS:
        return None
    if not draft.is_priority:
        raise Invalid.field("isPriority", "Here a level is paid for: it goes with isPriority.")
    user, expert = db.session.get_one(User, expert_id), db.session.get_one(Expert, expert_id)
    if user.suspended_at:
        raise Conflict("This expert takes no questions at the moment.", code="offer_closed")
    price: int = getattr(expert, f"{draft.priority_level}_price_minor")
    if draft.price_minor not in (None, price):
        raise purchases.price_changed(experts.view_of(user, expert))
    return price, getattr(expert, f"{draft.priority_level}_answer_hours")


def sent(message: Message, price: tuple[int, int] | None) -> Escrow | None:
    """Within sending, once the message is there: hold its price, or, where the expert wrote it, take it as the answer.
    The purchase of this message, if it is one."""
    conversation: Conversation = db.session.scalars(
        statements.sending.LOCKED_CONVERSATION, {"of": message.conversation_id}
    ).one()
    if price:
        return purchases.buy_message(conversation, message, *price)
    _, expert_id = pair_of(conversation.direct_key or "")
    if message.sender_id == expert_id:
        settling.answer(conversation, message.created_at)
    return None
