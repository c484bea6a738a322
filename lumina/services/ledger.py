"""The ledger: double entry, append-only, and the one file that posts to it (the rules are in docs/money.md).

Balances stand beside the entries, in rows that are locked in the order of their ids before anything is booked. The
database refuses a balance below zero, an operation's key a second time, and any change of what has been booked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import and_, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from lumina import clock
from lumina.errors import InsufficientBalance
from lumina.extensions import db
from lumina.models import LedgerAccount, LedgerEntry, LedgerTransaction
from lumina.models.ledger import PERSONAL
from lumina.services import events
from lumina.services.unit_of_work import record
from lumina.services.views import Wallet


class Account(NamedTuple):
    """Whose, and which of their accounts; the deployment's own are nobody's."""

    user_id: int | None
    kind: str


class Move(NamedTuple):
    """What an account gets, or gives (negative), in minor units."""

    account: Account
    amount_minor: int


CLEARING, FEES = Account(None, "clearing"), Account(None, "fees")


@dataclass(frozen=True, slots=True)
class Posting:
    """One operation's money. `key` names it for good; its moves add up to zero.

    A credit to somebody's `available` repays their debt first. With `overdraw`, what a debit of it lacks becomes debt;
    without, it is refused.
    """

    kind: str
    key: str
    moves: Sequence[Move]
    escrow_id: int | None = None
    note: str | None = None
    overdraw: bool = False


def transfer(giver: Account, taker: Account, amount_minor: int) -> list[Move]:
    """From one account to another."""
    return [Move(giver, -amount_minor), Move(taker, amount_minor)]


def post(*postings: Posting) -> None:
    """Within an operation, its last locks: book these, all or none, and record what became of the wallets.

    Raises InsufficientBalance where somebody's `available` has not got what it is to give.
    """
    rows = _locked(move.account for posting in postings for move in posting.moves)
    balances = {account: row.balance_minor for account, row in rows.items()}
    now, entries = clock.now(), []
    for posting in postings:
        transaction = LedgerTransaction(
            kind=posting.kind,
            key=posting.key,
            escrow_id=posting.escrow_id,
            note=posting.note,
            created_at=now,
        )
        db.session.add(transaction)
        db.session.flush()
        for account, amount in _moves(posting, balances):
            balances[account] += amount
            entries.append(
                {
                    "transaction_id": transaction.id,
                    "account_id": rows[account].id,
                    "amount_minor": amount,
                    "balance_minor": balances[account],
                }
            )
    # Account by account as they were moved: an entry's id is later where its balance is.
    db.session.execute(insert(LedgerEntry), entries)
    for account, row in rows.items():
        row.balance_minor = balances[account]
    db.session.flush()
    for user_id in sorted({account.user_id for account in balances if account.user_id}):
        record(events.WalletUpdated(user_id, _wallet(user_id, balances)))


def _moves(posting: Posting, balances: dict[Account, int]) -> list[Move]:
    """The posting's moves, with debts repaid or made as the balances want it."""
    if sum(amount for _, amount in posting.moves) or len(posting.moves) < 2:
        raise ValueError(f"{posting.key} is no double entry")
    moves: list[Move] = []
    for account, amount in posting.moves:
        through_debt = 0
        if account.kind == "available":
            debt = Account(account.user_id, "debt")
            if amount > 0:
                through_debt = min(amount, -balances[debt])
            elif amount < 0 and balances[account] + amount < 0:
                if not posting.overdraw:
                    raise InsufficientBalance
                through_debt = balances[account] + amount
            if through_debt:
                moves.append(Move(debt, through_debt))
        if amount != through_debt:
            moves.append(Move(account, amount - through_debt))
    return moves


def _locked(accounts: Iterable[Account]) -> dict[Account, LedgerAccount]:
    """All accounts of these accounts' people, and the deployment's own among them, locked in the order of their ids."""
    wanted = set(accounts)
    users = sorted({account.user_id for account in wanted if account.user_id is not None})
    common = sorted({account.kind for account in wanted if account.user_id is None})
    every = [Account(user, kind) for user in users for kind in PERSONAL]
    every += [Account(None, kind) for kind in common]
    rows = _lock(users, common)
    if missing := [account for account in every if account not in rows]:
        _open(missing)
        rows = _lock(users, common)
    return rows


def _lock(users: list[int], common: list[str]) -> dict[Account, LedgerAccount]:
    which = or_(
        LedgerAccount.user_id.in_(users),
        and_(LedgerAccount.user_id.is_(None), LedgerAccount.kind.in_(common)),
    )
    found = db.session.scalars(
        select(LedgerAccount)
        .where(which)
        .order_by(LedgerAccount.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {Account(row.user_id, row.kind): row for row in found}


def _open(accounts: list[Account]) -> None:
    """Make accounts that are not there yet; somebody else may be at it."""
    new = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    rows = [{"user_id": user_id, "kind": kind, "balance_minor": 0} for user_id, kind in accounts]
    db.session.execute(new(LedgerAccount).values(rows).on_conflict_do_nothing())


def is_booked(key: str) -> bool:
    """Whether an operation's money has moved already."""
    return bool(booked([key]))


def booked(keys: Iterable[str]) -> set[str]:
    """Those of these operations whose money has moved already."""
    return set(db.session.scalars(select(LedgerTransaction.key).where(LedgerTransaction.key.in_(keys))))


def wallet_of(user_id: int) -> Wallet:
    """Somebody's balances."""
    return wallets_of([user_id])[user_id]


def wallets_of(user_ids: Sequence[int]) -> dict[int, Wallet]:
    """The balances of several people."""
    rows = db.session.execute(
        select(LedgerAccount.user_id, LedgerAccount.kind, LedgerAccount.balance_minor).where(
            LedgerAccount.user_id.in_(user_ids)
        )
    )
    balances = {Account(user_id, kind): balance for user_id, kind, balance in rows}
    return {user_id: _wallet(user_id, balances) for user_id in user_ids}


def _wallet(user_id: int, balances: dict[Account, int]) -> Wallet:
    return Wallet(**{kind: balances.get(Account(user_id, kind), 0) for kind in PERSONAL})
