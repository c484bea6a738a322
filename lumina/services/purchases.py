"""Buying an expert's attention: a conversation, its next window, or a message in it that is answered sooner."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select

from lumina import clock
from lumina.config import Config
from lumina.errors import Conflict, Forbidden, Invalid, NotFound
from lumina.extensions import db
from lumina.models import Conversation, Escrow, Expert, Message, User
from lumina.models.conversations import pair_of, priority_key
from lumina.services import blocks, conversations, events, experts, lines, lookup, settling, views
from lumina.services.experts import ExpertView
from lumina.services.money import fee_of, to_minor
from lumina.services.unit_of_work import operation, record
from lumina.services.views import ConversationView

PAID_LEVELS = ("high", "urgent")
_fee_basis_points = 0


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the client agrees to, as far as they have said: the price in minor units, the days, and the hours to answer."""

    price_minor: int | None = None
    duration_days: int | None = None
    answer_hours: int | None = None

    @classmethod
    def of(cls, price: Decimal | None, duration_days: int | None = None) -> Agreed:
        """From the wire, where a price is in major units. Raises Invalid."""
        return cls(None if price is None else to_minor(price, "priorityPrice"), duration_days)


def configure(config: Config) -> None:
    """Take the deployment's part of what is paid."""
    global _fee_basis_points
    _fee_basis_points = config.fee_basis_points


def buy(actor: User, participant_ids: list[str], agreed: Agreed) -> ConversationView:
    """Ask an expert for the first time: the conversation, with what it costs held. Raises NotFound, Invalid own_offer,
    Forbidden blocked, Conflict (not_an_expert, offer_closed, offer_full, already_open, renew_instead, price_changed
    with the offer), InsufficientBalance."""
    ids = {lookup.row_id(user_id) for user_id in participant_ids}
    if ids == {actor.id}:
        raise Invalid("Nobody can buy their own attention.", code="own_offer")
    others = ids - {actor.id}
    if len(others) != 1:
        raise Invalid.field("participantIds", "A priority conversation is with exactly one expert.")
    return _buy(actor, others.pop(), agreed)


@operation(queue_by="expert_id")
def _buy(actor: User, expert_id: int, agreed: Agreed) -> ConversationView:
    expert, offer = _offered(actor, expert_id)
    key = priority_key(actor.id, expert_id)
    conversation = db.session.scalar(_pair(key))
    if conversation:
        _require_closed(conversation, clock.now())
        raise Conflict(
            "You have asked this expert before: the next window is bought in that conversation.",
            code="renew_instead",
        )
    _require_offer(expert, offer, agreed)
    conversation = conversations.make_pair(actor, "priority_dm", key, (actor.id, expert_id))
    escrow = _purchase(conversation, offer, actor.id)
    created = lookup.conversation_view(actor, conversation.id)
    # First of all, so that the sockets of both are in its room when the receipt is sent there.
    record(events.ConversationCreated(created, (actor.id, expert_id)))
    _write_receipt(conversation, escrow)
    return lookup.conversation_view(actor, conversation.id)


def renew(actor: User, conversation_id: str, agreed: Agreed) -> ConversationView:
    """Buy the next window in a conversation that has closed. Raises as buy does, and Forbidden not_the_client."""
    conversation = lookup.conversation_view(actor, conversation_id).conversation
    if conversation.type != "priority_dm":
        raise Conflict("Only a priority conversation has windows to buy.", code="not_priority")
    client_id, expert_id = pair_of(conversation.direct_key)
    if actor.id != client_id:
        raise Forbidden("Only the client buys the next window.", code="not_the_client")
    return _renew(actor, expert_id, agreed)


@operation(queue_by="expert_id")
def _renew(actor: User, expert_id: int, agreed: Agreed) -> ConversationView:
    expert, offer = _offered(actor, expert_id)
    conversation = db.session.scalars(_pair(priority_key(actor.id, expert_id))).one()
    _require_closed(conversation, clock.now())
    _require_offer(expert, offer, agreed)
    escrow = _purchase(conversation, offer, actor.id)
    record(events.ConversationUpdated(views.broadcast(conversation)))
    _write_receipt(conversation, escrow)
    return lookup.conversation_view(actor, conversation.id)


def buy_message(conversation: Conversation, message: Message, price_minor: int, answer_hours: int) -> Escrow:
    """Within sending: hold the price of a message. Raises InsufficientBalance."""
    client_id, expert_id = pair_of(conversation.direct_key or "")
    escrow = _escrow(
        conversation, client_id, expert_id, price_minor, message.created_at, timedelta(hours=answer_hours)
    )
    escrow.kind, escrow.message_id, escrow.level = "message", message.id, message.priority_level
    settling.hold(escrow)
    return escrow


def _offered(actor: User, expert_id: int) -> tuple[User, Expert]:
    """The expert and their offer, locked: all purchases of it queue here. Raises NotFound, Conflict, Forbidden."""
    expert: Expert | None = db.session.scalar(
        select(Expert)
        .where(Expert.user_id == expert_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    user = db.session.get(User, expert_id, populate_existing=True)
    if user is None:
        raise NotFound("This person does not exist.")
    if expert is None or user.closed_at:
        raise Conflict("This person takes no paid questions.", code="not_an_expert")
    if blocks.stands_between(actor.id, expert_id):
        raise Forbidden("You cannot write to this person.", code="blocked")
    return user, expert


def _pair(key: str) -> Select[Any]:
    """The one conversation with this key, locked."""
    return (
        select(Conversation)
        .where(Conversation.direct_key == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _require_closed(conversation: Conversation, now: datetime) -> None:
    """Raises Conflict already_open; what has only not been swept yet is closed here."""
    escrow = _current(conversation)
    if is_open(escrow, now):
        raise Conflict("Your conversation with this expert is still open.", code="already_open")
    if escrow.state == "held":
        settling.refund(conversation, [escrow], "expired", now)
    escrow.is_open = False
    db.session.flush()


def _current(conversation: Conversation) -> Escrow:
    return db.session.get_one(Escrow, conversation.escrow_id, with_for_update=True, populate_existing=True)


def is_open(escrow: Any, now: datetime) -> bool:
    """Whether the client may write: an answer is owed, or the window runs and was not refunded."""
    if escrow.state == "held":
        return bool(now <= escrow.answer_by)
    return bool(escrow.state != "refunded" and now < escrow.window_ends_at)


def _require_offer(expert: User, offer: Expert, agreed: Agreed) -> None:
    """Raises Conflict offer_closed, offer_full, price_changed."""
    if not offer.is_open or expert.suspended_at:
        raise Conflict("This expert takes no questions at the moment.", code="offer_closed")
    if experts.count_unanswered(expert.id) >= offer.max_unanswered:
        raise Conflict("This expert has as many questions as they take at once.", code="offer_full")
    offered = Agreed(offer.conversation_price_minor, offer.duration_days, offer.answer_hours)
    if any(
        mine not in (None, theirs) for mine, theirs in zip(astuple(agreed), astuple(offered), strict=True)
    ):
        raise price_changed(experts.view_of(expert, offer))


def price_changed(expert: ExpertView) -> Conflict:
    """The refusal of a price that is not the current one, with the offer as it is."""
    return Conflict(
        "The price has changed. Nothing has been taken.", code="price_changed", data={"offer": expert}
    )


def _purchase(conversation: Conversation, offer: Expert, client_id: int) -> Escrow:
    """The escrow of a conversation, held."""
    now = clock.now()
    escrow = _escrow(
        conversation,
        client_id,
        offer.user_id,
        offer.conversation_price_minor,
        now,
        timedelta(hours=offer.answer_hours),
    )
    escrow.kind, escrow.is_open, escrow.duration_days = "conversation", True, offer.duration_days
    escrow.window_ends_at = now + timedelta(days=offer.duration_days)
    settling.hold(escrow)
    conversation.escrow_id, conversation.updated_at = escrow.id, now
    db.session.flush()
    return escrow


def _write_receipt(conversation: Conversation, escrow: Escrow) -> None:
    receipt = settling.told(escrow) | {
        "answerBy": settling.moment(escrow.answer_by),
        "durationDays": escrow.duration_days,
    }
    lines.note(conversation, escrow.client_id, "purchased", receipt)


def _escrow(
    conversation: Conversation,
    client_id: int,
    expert_id: int,
    price_minor: int,
    now: datetime,
    answer_within: timedelta,
) -> Escrow:
    return Escrow(
        conversation_id=conversation.id,
        client_id=client_id,
        expert_id=expert_id,
        amount_minor=price_minor,
        fee_basis_points=_fee_basis_points,
        fee_minor=fee_of(price_minor, _fee_basis_points),
        is_open=False,
        bought_position=conversation.version,
        answer_by=now + answer_within,
        created_at=now,
    )
