"""A person's wallet as they see it: balances, and every line of the ledger that concerns them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from lumina.config import Config
from lumina.errors import Invalid, NotFound
from lumina.extensions import db
from lumina.models import Escrow, LedgerAccount, LedgerEntry, LedgerTransaction, User
from lumina.models.users import email_key
from lumina.services import audit, cursors, ledger, policy, text
from lumina.services.ledger import CLEARING, Account, Posting
from lumina.services.unit_of_work import operation
from lumina.services.views import Page, Wallet

ACCOUNTS = ("available", "held", "pending")
# More than this at once is a slip of the finger.
MOST_MINOR = 1_000_000_00
NOTE = 500
# How many lines are read at once for a whole statement.
AT_ONCE = 500
# How many held purchases the wallet names.
SHOWN = 4
_currency = "USD"


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with the balance after it, and what it is about: the purchase, and the other party of it."""

    id: int
    kind: str
    amount_minor: int
    balance_minor: int
    escrow_id: int | None
    conversation_id: int | None
    level: str | None
    escrow: Escrow | None
    other: User | None
    note: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is held for the actor's own questions: the soonest due with who owes the answer, and how many there are."""

    soonest: list[tuple[Escrow, User]]
    count: int


@dataclass(frozen=True, slots=True)
class Pending:
    """What the actor has answered and is not paid for yet: how many, and when the next is, unless all are disputed."""

    count: int
    next_at: datetime | None


def configure(config: Config) -> None:
    """Take the deployment's one currency."""
    global _currency
    _currency = config.currency


def currency() -> str:
    """The code of the one currency, such as "USD"."""
    return _currency


def find(actor: User) -> Wallet:
    """The actor's balances."""
    return ledger.wallet_of(actor.id)


def waiting(actor: User) -> Waiting:
    """What the actor's held money waits for."""
    rows = db.session.execute(
        select(Escrow, User, func.count().over())
        .join(User, User.id == Escrow.expert_id)
        .where(Escrow.client_id == actor.id, Escrow.state == "held")
        .order_by(Escrow.answer_by, Escrow.id)
        .limit(SHOWN)
    ).all()
    return Waiting([(escrow, expert) for escrow, expert, _ in rows], rows[0][2] if rows else 0)


def pending(actor: User) -> Pending:
    """What the actor's pending money waits for."""
    released_at = case((Escrow.state == "answered", Escrow.release_at))
    count, next_at = db.session.execute(
        select(func.count(), func.min(released_at)).where(
            Escrow.expert_id == actor.id, Escrow.state.in_(("answered", "disputed"))
        )
    ).one()
    return Pending(count, next_at)


def lines(
    actor: User,
    *,
    account: str = "available",
    cursor: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
) -> Page[Line]:
    """What has moved on one of the actor's accounts, the newest first; `since` counts itself, `until` does not.
    Raises Invalid."""
    other = aliased(User)
    statement = (
        select(LedgerEntry, LedgerTransaction, Escrow, other)
        .join(LedgerAccount, LedgerAccount.id == LedgerEntry.account_id)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .outerjoin(Escrow, Escrow.id == LedgerTransaction.escrow_id)
        .outerjoin(
            other,
            (other.id.in_((Escrow.client_id, Escrow.expert_id))) & (other.id != actor.id),
        )
        .where(LedgerAccount.user_id == actor.id, LedgerAccount.kind == account)
        .order_by(LedgerEntry.id.desc())
        .limit(limit + 1)
    )
    if cursor:
        [before] = cursors.decode(cursor, cursors.number)
        statement = statement.where(LedgerEntry.id < before)
    if since:
        statement = statement.where(LedgerTransaction.created_at >= since)
    if until:
        statement = statement.where(LedgerTransaction.created_at < until)
    rows = [_line(*row) for row in db.session.execute(statement)]
    page = rows[:limit]
    return Page(page, cursors.encode(page[-1].id) if len(rows) > limit else None)


def all_lines(
    actor: User, *, account: str = "available", since: datetime | None = None, until: datetime | None = None
) -> Iterator[Line]:
    """All of them, read page by page; between two pages no connection is kept waiting for whoever reads. Raises Invalid
    at the first."""
    cursor: str | None = None
    while True:
        page = lines(actor, account=account, cursor=cursor, since=since, until=until, limit=AT_ONCE)
        db.session.close()
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def _line(
    entry: LedgerEntry, transaction: LedgerTransaction, escrow: Escrow | None, other: User | None
) -> Line:
    return Line(
        entry.id,
        transaction.kind,
        entry.amount_minor,
        entry.balance_minor,
        transaction.escrow_id,
        escrow.conversation_id if escrow else None,
        escrow.level if escrow else None,
        escrow,
        other,
        transaction.note,
        transaction.created_at,
    )


@operation()
def adjust(
    actor: User | None, user_id: int, amount_minor: int, note: str | None = None, *, key: str | None = None
) -> Wallet:
    """Book a correction, up or down, by an admin or a command (None); it is in the audit log. The same amount
    under the same `key` is booked once. Raises Forbidden, NotFound, Invalid, InsufficientBalance."""
    if actor:
        policy.require_admin(actor)
        note = text.required(note or "", "note", NOTE)
    if not 0 < abs(amount_minor) <= MOST_MINOR:
        raise Invalid.field("amountMinor", f"This is an amount other than 0, up to {MOST_MINOR:,}.")
    # Corrections of one person queue, so that a key is looked for after whoever had it first; keys to this row do not.
    of_person = select(User.id).where(User.id == user_id).with_for_update(key_share=True)
    if db.session.scalar(of_person) is None:
        raise NotFound("This person does not exist.")
    name = f"adjustment:{key or token_hex(16)}:{amount_minor}"
    if not ledger.is_booked(name):
        moves = ledger.transfer(CLEARING, Account(user_id, "available"), amount_minor)
        ledger.post(Posting("adjustment", name, moves, note=note))
        audit.note(actor, "adjustment", f"user:{user_id}", amountMinor=amount_minor, note=note)
    return ledger.wallet_of(user_id)


def credit(email: str, amount_minor: int) -> Wallet:
    """The command's correction of somebody's wallet. Raises NotFound, and as adjust does."""
    user_id = db.session.scalar(select(User.id).where(User.email_key == email_key(email)))
    if user_id is None:
        raise NotFound("Nobody has this address.")
    return adjust(None, user_id, amount_minor)
