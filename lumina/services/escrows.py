"""Purchases as their parties see them, and the steps that a person takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from sqlalchemy import ColumnElement, and_, exists, or_, select

from lumina import clock
from lumina.errors import Conflict, Forbidden, Invalid, NotFound
from lumina.extensions import db
from lumina.models import Conversation, Escrow, LedgerTransaction, User, statements
from lumina.models.escrows import UNSETTLED
from lumina.services import audit, cursors, policy, settling, text
from lumina.services.lookup import row_id
from lumina.services.unit_of_work import operation
from lumina.services.views import Page

P = ParamSpec("P")
REASON, NOTE = 2000, 500
STATES = ("held", "answered", "disputed", "released", "refunded", "split")


def find(actor: User, escrow_id: str) -> Escrow:
    """A purchase that the actor is a party of; an admin sees each. Raises NotFound."""
    escrow: Escrow | None = db.session.scalar(
        select(Escrow).where(Escrow.id == row_id(escrow_id), _seen_by(actor))
    )
    if escrow is None:
        raise NotFound
    return escrow


def _seen_by(actor: User) -> ColumnElement[bool]:
    if actor.is_admin:
        return Escrow.id.is_not(None)
    return or_(Escrow.client_id == actor.id, Escrow.expert_id == actor.id)


def list_for(
    actor: User,
    *,
    state: str | None = None,
    role: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Escrow]:
    """The actor's purchases, as client, as expert or both, the latest first. Raises Invalid."""
    own = {"client": Escrow.client_id == actor.id, "expert": Escrow.expert_id == actor.id}
    statement = select(Escrow).where(own[role] if role else or_(*own.values()))
    if state:
        statement = statement.where(Escrow.state == state)
    if cursor:
        [before] = cursors.decode(cursor, cursors.number)
        statement = statement.where(Escrow.id < before)
    rows = list(db.session.scalars(statement.order_by(Escrow.id.desc()).limit(limit + 1)))
    page = rows[:limit]
    return Page(page, cursors.encode(page[-1].id) if len(rows) > limit else None)


def count_owed(actor: User) -> int | None:
    """How many purchases wait for the actor's answer; None for who is no expert."""
    return db.session.scalar(statements.conversations.OWED, {"viewer": actor.id})


def of_conversation(actor: User, conversation_id: int) -> list[Escrow]:
    """All purchases in a conversation that the actor is a party of, the latest first."""
    return list(
        db.session.scalars(
            select(Escrow)
            .where(Escrow.conversation_id == conversation_id, _seen_by(actor))
            .order_by(Escrow.id.desc())
        )
    )


def booked(escrow: Escrow) -> list[LedgerTransaction]:
    """What the ledger says of a purchase, oldest first: the same to both parties."""
    return booked_of([escrow])[escrow.id]


def booked_of(found: list[Escrow]) -> dict[int, list[LedgerTransaction]]:
    """The same of several purchases, by their ids."""
    lines: dict[int, list[LedgerTransaction]] = {escrow.id: [] for escrow in found}
    for line in db.session.scalars(
        select(LedgerTransaction).where(LedgerTransaction.escrow_id.in_(lines)).order_by(LedgerTransaction.id)
    ):
        lines[line.escrow_id or 0].append(line)
    return lines


def note_opened(actor: User, conversation_id: int) -> None:
    """The expert looks at the conversation, or has read in it: what is held there cannot be cancelled any more."""
    unopened = and_(
        Escrow.conversation_id == conversation_id,
        Escrow.expert_id == actor.id,
        Escrow.state == "held",
        Escrow.opened_at.is_(None),
    )
    if db.session.scalar(select(Escrow.id).where(unopened).limit(1)):
        _note_opened(actor, unopened)


@operation()
def _note_opened(actor: User, unopened: ColumnElement[bool]) -> None:
    # Locked in the order of their ids, as by whoever settles them; an update would meet them in any.
    found = select(Escrow).where(unopened).order_by(Escrow.id).with_for_update()
    for escrow in db.session.scalars(found.execution_options(populate_existing=True)):
        escrow.opened_at = clock.now()


def stepping(
    function: Callable[Concatenate[User, Conversation, Escrow, datetime, P], None],
) -> Callable[Concatenate[User, str, P], Escrow]:
    """Make a function of (actor, conversation, escrow, now, …), both locked, an operation of (actor, escrow_id, …)."""

    @operation(queue_by="conversation_id")
    def locked(actor: User, conversation_id: str, escrow_id: int, *args: Any, **kwargs: Any) -> Escrow:
        conversation = db.session.scalars(
            statements.sending.LOCKED_CONVERSATION, {"of": int(conversation_id)}
        ).one()
        escrow = db.session.get_one(Escrow, escrow_id, with_for_update=True, populate_existing=True)
        function(actor, conversation, escrow, clock.now(), *args, **kwargs)
        return escrow

    @wraps(function)
    def run(actor: User, escrow_id: str, *args: P.args, **kwargs: P.kwargs) -> Escrow:
        escrow = find(actor, escrow_id)
        return locked(actor, str(escrow.conversation_id), escrow.id, *args, **kwargs)

    return run  # type: ignore[return-value]


def _require(escrow: Escrow, state: str) -> None:
    if escrow.state != state:
        raise Conflict(f"This purchase is {escrow.state}.", code="wrong_state")


def _require_client(actor: User, escrow: Escrow) -> None:
    if actor.id != escrow.client_id:
        raise Forbidden("Only the client may do this.", code="not_the_client")


@stepping
def decline(actor: User, conversation: Conversation, escrow: Escrow, now: datetime) -> None:
    """The expert gives the money back instead of an answer. Raises NotFound, Forbidden, Conflict wrong_state."""
    if actor.id != escrow.expert_id:
        raise Forbidden("Only the expert may decline.", code="not_the_expert")
    _require(escrow, "held")
    settling.refund(conversation, [escrow], "declined", now)


@stepping
def cancel(actor: User, conversation: Conversation, escrow: Escrow, now: datetime) -> None:
    """The client takes it back, as long as the expert has not opened it. Raises NotFound, Forbidden, Conflict
    (wrong_state, already_opened)."""
    _require_client(actor, escrow)
    _require(escrow, "held")
    if escrow.opened_at:
        raise Conflict("The expert has opened your question already.", code="already_opened")
    settling.refund(conversation, [escrow], "cancelled", now)


@stepping
def dispute(actor: User, conversation: Conversation, escrow: Escrow, now: datetime, reason: str) -> None:
    """The client objects to an answer before its release: an admin decides. Raises NotFound, Forbidden, Invalid,
    Conflict wrong_state."""
    _require_client(actor, escrow)
    reason = text.required(reason, "reason", REASON)
    _require(escrow, "answered")
    if escrow.release_at is None or now >= escrow.release_at:
        raise Conflict("The time to object is over.", code="wrong_state")
    escrow.state, escrow.dispute_reason, escrow.disputed_at = "disputed", reason, now
    settling.tell(conversation, escrow, "disputed", escrow.client_id)


@stepping
def resolve(
    actor: User,
    conversation: Conversation,
    escrow: Escrow,
    now: datetime,
    outcome: str,
    expert_minor: int | None = None,
    note: str | None = None,
) -> None:
    """An admin decides a dispute: "release", "refund", or "split" with the expert's part; `note` is for the audit log.
    Raises NotFound, Forbidden, Invalid, Conflict wrong_state."""
    policy.require_admin(actor)
    note = text.optional(note, "note", NOTE)
    if outcome == "split" and not (expert_minor and 0 < expert_minor < escrow.amount_minor):
        raise Invalid.field(
            "expertMinor", "A split gives the expert a part of the amount, and not all of it."
        )
    _require(escrow, "disputed")
    if outcome == "release":
        settling.release(conversation, escrow, now)
    elif outcome == "refund":
        settling.refund(conversation, [escrow], "resolved", now)
    else:
        settling.split(conversation, escrow, expert_minor or 0, now)
    audit.note(
        actor,
        "dispute_resolved",
        f"escrow:{escrow.id}",
        outcome=outcome,
        amountMinor=escrow.amount_minor,
        expertMinor=escrow.expert_minor,
        note=note,
        isParty=actor.id in (escrow.client_id, escrow.expert_id),
    )


def is_unsettled(conversation_id: Any) -> ColumnElement[bool]:
    """Of a conversation: an admin must be able to see every original of it."""
    return exists().where(Escrow.conversation_id == conversation_id, Escrow.state.in_(UNSETTLED))


def rests_on(message: Any) -> ColumnElement[bool]:
    """Of a message (its columns, or a row of it): it is what is paid for, and no answer has come yet."""
    since_purchase = and_(
        Escrow.kind == "conversation",
        Escrow.client_id == message.sender_id,
        Escrow.bought_position < message.position,
    )
    return exists().where(
        Escrow.conversation_id == message.conversation_id,
        Escrow.state == "held",
        or_(Escrow.message_id == message.id, since_purchase),
    )
