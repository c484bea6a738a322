"""How the deployment stands, and everybody in it, as its admins see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from lumina.errors import Conflict
from lumina.extensions import db
from lumina.models import Escrow, LedgerCheck, Payout, User
from lumina.models.escrows import UNSETTLED
from lumina.models.types import folded
from lumina.models.users import email_key
from lumina.services import accounts, cursors, ledger, ledger_check, policy, reports, sweep, text
from lumina.services.views import Page, Wallet

QUERY = 200


class Sum(NamedTuple):
    """How many there are, and what they come to in minor units."""

    many: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Late:
    """Of a job of the sweep, the thing that has been due for longest."""

    job: str
    due_at: datetime
    by: timedelta


@dataclass(frozen=True, slots=True)
class Overview:
    """What is not settled by its state, what waits to be paid out or looked at, whose money there is, what is late,
    and what the last check of the ledger has found; `can_check`: another one is soon done. Where that is not so, the
    balances are those of the last check too, if it has any."""

    unsettled: dict[str, Sum]
    payouts: Sum
    oldest_dispute_at: datetime | None
    oldest_payout_at: datetime | None
    reports: int
    balances: dict[str, int] | None
    late: list[Late]
    checked: LedgerCheck | None
    can_check: bool


class Purchase(NamedTuple):
    """A purchase with both its parties."""

    escrow: Escrow
    client: User
    expert: User


@dataclass(frozen=True, slots=True)
class Member:
    """A person with their wallet."""

    user: User
    wallet: Wallet


def overview(actor: User) -> Overview:
    """The deployment at a glance. Raises Forbidden."""
    policy.require_admin(actor)
    states = db.session.execute(
        select(Escrow.state, func.count(), func.sum(Escrow.amount_minor), func.min(Escrow.disputed_at))
        .where(Escrow.state.in_(UNSETTLED))
        .group_by(Escrow.state)
    ).all()
    waiting, asked_minor, oldest = db.session.execute(
        select(
            func.count(), func.coalesce(func.sum(Payout.amount_minor), 0), func.min(Payout.created_at)
        ).where(Payout.state == "requested")
    ).one()
    checked, can_check = ledger_check.latest(), ledger_check.is_short()
    kept = checked.balances if checked else None
    nothing = dict.fromkeys(UNSETTLED, Sum(0, 0))
    return Overview(
        unsettled=nothing | {state: Sum(count, int(total)) for state, count, total, _ in states},
        payouts=Sum(waiting, int(asked_minor)),
        oldest_dispute_at=next((at for state, *_, at in states if state == "disputed"), None),
        oldest_payout_at=oldest,
        reports=reports.count_open(actor),
        balances=ledger_check.balances() if can_check else kept,
        late=_late(),
        checked=checked,
        can_check=can_check,
    )


def _late() -> list[Late]:
    """What the sweep has not come to yet, the latest first; one select for each of its jobs."""
    found = []
    for job in sweep.jobs:
        now = job.now()
        found += [Late(job.name, due_at, now - due_at) for _, due_at in job.due(now, 1)]
    return sorted(found, key=lambda late: late.by, reverse=True)


def check_ledger(actor: User) -> None:
    """Check the ledger now, where that holds nobody up; the overview tells what was found. Raises Forbidden, Conflict
    ledger_too_long."""
    policy.require_admin(actor)
    if not ledger_check.is_short():
        raise Conflict("The ledger is too long to be checked here.", code="ledger_too_long")
    ledger_check.check()


def list_purchases(
    actor: User, *, state: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Purchase]:
    """Everybody's purchases, the latest first; those in dispute by when they were disputed, who waits longest first.
    Raises Forbidden, Invalid."""
    policy.require_admin(actor)
    client, expert = aliased(User), aliased(User)
    statement = (
        select(Escrow, client, expert)
        .join(client, client.id == Escrow.client_id)
        .join(expert, expert.id == Escrow.expert_id)
    )
    if state:
        statement = statement.where(Escrow.state == state)
    is_queue = state == "disputed"
    order = (Escrow.disputed_at, Escrow.id) if is_queue else (Escrow.id.desc(),)
    if cursor and is_queue:
        after = cursors.decode(cursor, cursors.moment, cursors.number)
        statement = statement.where(tuple_(Escrow.disputed_at, Escrow.id) > tuple_(*after))
    elif cursor:
        [before] = cursors.decode(cursor, cursors.number)
        statement = statement.where(Escrow.id < before)
    rows = [Purchase(*row) for row in db.session.execute(statement.order_by(*order).limit(limit + 1))]
    page = rows[:limit]
    if len(rows) <= limit:
        return Page(page, None)
    last = page[-1].escrow
    at = [last.disputed_at.isoformat()] if is_queue and last.disputed_at else []
    return Page(page, cursors.encode(*at, last.id))


def find_people(
    actor: User, query: str | None = None, cursor: str | None = None, limit: int = 30
) -> Page[Member]:
    """Everybody, by name; by their whole address too. Raises Forbidden, Invalid."""
    policy.require_admin(actor)
    statement = select(User)
    if words := folded(text.optional(query, "query", QUERY) or "").split():
        named = and_(*(User.name_key.contains(word, autoescape=True) for word in words))
        statement = statement.where(or_(named, User.email_key == email_key(query or "")))
    order = User.name_key, User.id
    if cursor:
        after = cursors.decode(cursor, str, cursors.number)
        statement = statement.where(tuple_(*order) > tuple_(*after))
    rows = list(db.session.scalars(statement.order_by(*order).limit(limit + 1)))
    page = rows[:limit]
    wallets = ledger.wallets_of([user.id for user in page])
    following = cursors.encode(page[-1].name_key, page[-1].id) if len(rows) > limit else None
    return Page([Member(user, wallets[user.id]) for user in page], following)


def find_person(actor: User, user_id: str) -> Member:
    """One of them. Raises Forbidden, NotFound."""
    policy.require_admin(actor)
    user = accounts.find(actor, user_id)
    return Member(user, ledger.wallet_of(user.id))
