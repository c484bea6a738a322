"""The steps of an escrow, and the money that each moves. Every step is taken within an operation that has locked the
conversation, then the escrows in the order of their ids; accounts are locked last. The time is read after that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from lumina.config import Config
from lumina.extensions import db
from lumina.models import Conversation, Escrow, User
from lumina.services import events, ledger, lines, views
from lumina.services.ledger import FEES, Account, Move, Posting
from lumina.services.money import fee_of
from lumina.services.unit_of_work import record
from lumina.services.wallets import currency

# The share of the time to the deadline after which the expert is reminded.
REMINDERS = (0.5, 0.8)
_dispute_window = timedelta(hours=72)


def configure(config: Config) -> None:
    """Take for how long after an answer the client can object."""
    global _dispute_window
    _dispute_window = timedelta(hours=config.dispute_hours)


def dispute_window() -> timedelta:
    """For how long after an answer the client can object, before the expert is paid."""
    return _dispute_window


def locked(conversation_id: int, *states: str) -> list[Escrow]:
    """The purchases of a conversation that are in one of these states, locked."""
    return list(
        db.session.scalars(
            select(Escrow)
            .where(Escrow.conversation_id == conversation_id, Escrow.state.in_(states))
            .order_by(Escrow.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def reminder_at(escrow: Escrow) -> datetime | None:
    """When the expert is reminded next; None once that has been done twice."""
    if escrow.reminders >= len(REMINDERS):
        return None
    return escrow.created_at + (escrow.answer_by - escrow.created_at) * REMINDERS[escrow.reminders]


def hold(escrow: Escrow) -> None:
    """A new purchase: its money leaves what its client has available. Raises InsufficientBalance."""
    escrow.state, escrow.reminders = "held", 0
    escrow.remind_at = reminder_at(escrow)
    db.session.add(escrow)
    db.session.flush()
    ledger.post(_posting(escrow, "hold", _of_client(escrow, "available"), _of_client(escrow, "held")))
    record(events.EscrowUpdated(escrow))


def answer(conversation: Conversation, now: datetime) -> list[Escrow]:
    """The expert has written at `now`: what was held for that and was not due before is answered, the rest comes too
    late and is refunded. What has been answered."""
    held = locked(conversation.id, "held")
    late = [escrow for escrow in held if escrow.answer_by < now]
    if any(escrow.kind == "conversation" for escrow in late):
        late = held
    if late:
        refund(conversation, late, "expired", now)
    answered = [escrow for escrow in held if escrow not in late]
    if not answered:
        return []
    for escrow in answered:
        escrow.state, escrow.answered_at, escrow.remind_at = "answered", now, None
        escrow.opened_at = escrow.opened_at or now
        escrow.answer_seconds = round((now - escrow.created_at).total_seconds())
        escrow.release_at = now + _dispute_window
        if escrow.duration_days:
            escrow.window_ends_at = now + timedelta(days=escrow.duration_days)
    db.session.flush()
    ledger.post(*(_posting(e, "answer", _of_client(e, "held"), _of_expert(e, "pending")) for e in answered))
    for escrow in answered:
        more = {"seconds": escrow.answer_seconds, "releaseAt": moment(now + _dispute_window)}
        if escrow.window_ends_at:
            more |= {"windowEndsAt": moment(escrow.window_ends_at), "durationDays": escrow.duration_days}
        tell(conversation, escrow, "answered", escrow.expert_id, **more)
    return answered


def refund(conversation: Conversation, escrows: Sequence[Escrow], reason: str, now: datetime) -> None:
    """Give back what is held, or in dispute, in full; with the conversation's also all that is still held in it."""
    if any(escrow.kind == "conversation" for escrow in escrows):
        known = {escrow.id for escrow in escrows}
        escrows = [*escrows, *(e for e in locked(conversation.id, "held") if e.id not in known)]
    refund_each([(conversation, escrow) for escrow in escrows], reason, now)


def refund_each(purchases: Sequence[tuple[Conversation, Escrow]], reason: str, now: datetime) -> None:
    """Give back each of these, whatever conversations they are of, in one booking: accounts are locked in one order."""
    postings = []
    for _, escrow in purchases:
        giver = _of_client(escrow, "held") if escrow.state == "held" else _of_expert(escrow, "pending")
        postings.append(_posting(escrow, "refund", giver, _of_client(escrow, "available")))
        escrow.state, escrow.refund_reason, escrow.settled_at = "refunded", reason, now
        escrow.is_open, escrow.remind_at = False, None
    db.session.flush()
    ledger.post(*postings)
    for conversation, escrow in purchases:
        tell(conversation, escrow, "refunded", escrow.client_id, reason=reason)


def release(conversation: Conversation, escrow: Escrow, now: datetime) -> None:
    """Pay the expert, less the fee."""
    _pay(conversation, escrow, "release", "released", escrow.amount_minor, now)


def split(conversation: Conversation, escrow: Escrow, expert_minor: int, now: datetime) -> None:
    """Pay the expert a part, less the fee of that part, and give the client the rest."""
    escrow.expert_minor = expert_minor
    _pay(conversation, escrow, "split", "split", expert_minor, now)


def _pay(
    conversation: Conversation, escrow: Escrow, kind: str, state: str, expert_minor: int, now: datetime
) -> None:
    escrow.state, escrow.settled_at = state, now
    db.session.flush()
    fee = fee_of(expert_minor, escrow.fee_basis_points)
    moves = [
        Move(_of_expert(escrow, "pending"), -escrow.amount_minor),
        Move(_of_expert(escrow, "available"), expert_minor - fee),
        Move(FEES, fee),
        Move(_of_client(escrow, "available"), escrow.amount_minor - expert_minor),
    ]
    ledger.post(
        Posting(kind, f"{kind}:{escrow.id}", [m for m in moves if m.amount_minor], escrow_id=escrow.id)
    )
    tell(conversation, escrow, state, escrow.expert_id, expertMinor=expert_minor, paidFeeMinor=fee)


def told(escrow: Escrow) -> dict[str, Any]:
    """What every line about a purchase says of it; names as they are at the time."""
    client, expert = (db.session.get_one(User, of) for of in (escrow.client_id, escrow.expert_id))
    return {
        "escrowId": str(escrow.id),
        "kind": escrow.kind,
        "level": escrow.level,
        "amountMinor": escrow.amount_minor,
        "feeMinor": escrow.fee_minor,
        "currency": currency(),
        "client": {"id": str(client.id), "name": client.name, "firstName": client.first_name},
        "expert": {"id": str(expert.id), "name": expert.name, "firstName": expert.first_name},
    }


def tell(conversation: Conversation, escrow: Escrow, kind: str, sender_id: int, **more: object) -> None:
    """In the history, and to both parties' programs."""
    lines.note(conversation, sender_id, kind, told(escrow) | more)
    record(events.EscrowUpdated(escrow))
    if escrow.kind == "conversation":
        record(events.ConversationUpdated(views.broadcast(conversation)))


def moment(at: datetime) -> str:
    """A time as the params of a line keep it."""
    return at.isoformat(timespec="milliseconds")[:23] + "Z"


def _posting(escrow: Escrow, kind: str, giver: Account, taker: Account) -> Posting:
    moves = ledger.transfer(giver, taker, escrow.amount_minor)
    return Posting(kind, f"{kind}:{escrow.id}", moves, escrow_id=escrow.id)


def _of_client(escrow: Escrow, kind: str) -> Account:
    return Account(escrow.client_id, kind)


def _of_expert(escrow: Escrow, kind: str) -> Account:
    return Account(escrow.expert_id, kind)
