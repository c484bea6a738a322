"""Whether the ledger is true: everything that is kept beside the entries is computed anew from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from lumina import clock
from lumina.extensions import db
from lumina.models import Escrow, LedgerAccount, LedgerCheck, LedgerEntry, LedgerTransaction, Payout, User
from lumina.services.unit_of_work import operation

# So many differences are kept in words.
MOST_KEPT = 20
# What is computed anew while somebody waits; a longer ledger is for the command, in a process of its own.
MOST_ENTRIES = 20_000


def check() -> list[str]:
    """All differences, as `differences` tells them; what was found is kept, with its time."""
    found, came_to = list(differences()), balances()
    db.session.close()
    _keep(None, found, came_to)
    return found


def balances() -> dict[str, int]:
    """What all accounts of each kind come to, in minor units; it reads every account."""
    rows = db.session.execute(
        select(LedgerAccount.kind, func.sum(LedgerAccount.balance_minor)).group_by(LedgerAccount.kind)
    )
    return {kind: int(total) for kind, total in rows}


def is_short() -> bool:
    """Whether a check is soon done."""
    latest = db.session.scalar(select(func.max(LedgerEntry.id)))
    return latest is None or latest <= MOST_ENTRIES


def latest() -> LedgerCheck | None:
    """The last check that was made, whoever made it."""
    found: LedgerCheck | None = db.session.scalar(
        select(LedgerCheck).order_by(LedgerCheck.id.desc()).limit(1)
    )
    return found


@operation()
def _keep(actor: None, found: list[str], came_to: dict[str, int]) -> None:
    kept = {"found": len(found), "differences": found[:MOST_KEPT], "balances": came_to}
    db.session.add(LedgerCheck(checked_at=clock.real_now(), **kept))


def differences() -> Iterator[str]:
    """One sentence for each thing that is not as it should be; none where the ledger is true."""
    yield from _unbalanced()
    yield from _balances()
    yield from _running()
    yield from _owed("held", Escrow.client_id, ("held",))
    yield from _owed("pending", Escrow.expert_id, ("answered", "disputed"))
    yield from _payouts()


def _unbalanced() -> Iterator[str]:
    total, count = func.coalesce(func.sum(LedgerEntry.amount_minor), 0), func.count(LedgerEntry.id)
    rows = db.session.execute(
        select(LedgerTransaction.key, total, count)
        .outerjoin(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .group_by(LedgerTransaction.id, LedgerTransaction.key)
        .having(or_(total != 0, count < 2))
        .order_by(LedgerTransaction.id)
    )
    for key, added_up, entries in rows:
        yield f"transaction {key}: its {entries} entries add up to {added_up}, not to 0"


def _balances() -> Iterator[str]:
    total = func.coalesce(func.sum(LedgerEntry.amount_minor), 0)
    rows = db.session.execute(
        select(LedgerAccount, total)
        .outerjoin(LedgerEntry, LedgerEntry.account_id == LedgerAccount.id)
        .group_by(LedgerAccount.id)
        .having(LedgerAccount.balance_minor != total)
        .order_by(LedgerAccount.id)
    )
    for account, added_up in rows:
        yield f"{_name(account)}: its balance is {account.balance_minor}, its entries add up to {added_up}"


def _running() -> Iterator[str]:
    """Each entry bears the balance after it."""
    so_far = func.sum(LedgerEntry.amount_minor).over(
        partition_by=LedgerEntry.account_id, order_by=LedgerEntry.id
    )
    entries = select(LedgerEntry.id, LedgerEntry.balance_minor, so_far.label("so_far")).subquery()
    rows = db.session.execute(
        select(entries.c.id, entries.c.balance_minor, entries.c.so_far)
        .where(entries.c.balance_minor != entries.c.so_far)
        .order_by(entries.c.id)
    )
    for row_id, told, so_far_ in rows:
        yield f"entry {row_id}: it tells a balance of {told}, which was {so_far_}"


def _owed(kind: str, owner: Any, states: tuple[str, ...]) -> Iterator[str]:
    """What the accounts hold for purchases is what the purchases in these states cost."""
    counted = case((Escrow.state.in_(states), Escrow.amount_minor), else_=0)
    bought = select(owner.label("user_id"), func.sum(counted).label("total")).group_by(owner).subquery()
    yield from _compare(kind, bought, "the purchases")


def _payouts() -> Iterator[str]:
    counted = case((Payout.state == "requested", Payout.amount_minor), else_=0)
    asked = select(Payout.user_id, func.sum(counted).label("total")).group_by(Payout.user_id).subquery()
    yield from _compare("payouts", asked, "the payouts asked for")


def _compare(kind: str, totals: Any, what: str) -> Iterator[str]:
    balance, total = func.coalesce(LedgerAccount.balance_minor, 0), func.coalesce(totals.c.total, 0)
    rows = db.session.execute(
        select(User.id, balance, total)
        .outerjoin(LedgerAccount, and_(LedgerAccount.user_id == User.id, LedgerAccount.kind == kind))
        .outerjoin(totals, totals.c.user_id == User.id)
        .where(balance != total)
        .order_by(User.id)
    )
    for of, told, owed in rows:
        yield f"{kind} of user {of}: its balance is {told}, {what} come to {owed}"


def _name(account: LedgerAccount) -> str:
    return f"{account.kind} of user {account.user_id}" if account.user_id else account.kind
