"""Payouts: money on its way out of a wallet, held apart until an admin has paid it or sent it back."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select, tuple_

from lumina import clock
from lumina.errors import Conflict, Forbidden, Invalid, NotFound
from lumina.extensions import db
from lumina.models import Payout, User
from lumina.services import audit, cursors, ledger
from lumina.services.ledger import CLEARING, Account, Posting
from lumina.services.lookup import row_id
from lumina.services.unit_of_work import operation
from lumina.services.views import Page
from lumina.services.wallets import MOST_MINOR

# The latest, as one's own page lists them.
SHOWN = 10
LEAST_MINOR = 1


class Asked(NamedTuple):
    """A payout with whose it is."""

    payout: Payout
    user: User


@operation()
def ask(actor: User, amount_minor: int) -> Payout:
    """Ask for what is available to be paid out. Raises Invalid, InsufficientBalance."""
    return _ask(actor.id, amount_minor)


@operation()
def ask_for(actor: User, user_id: str, amount_minor: int) -> Payout:
    """The same by an admin for somebody who cannot, such as one who is suspended. Raises Forbidden, NotFound, Invalid,
    InsufficientBalance."""
    _require_admin(actor)
    user = db.session.get(User, row_id(user_id))
    if user is None:
        raise NotFound
    payout = _ask(user.id, amount_minor)
    audit.note(actor, "payout_asked", f"payout:{payout.id}", userId=user.id, amountMinor=amount_minor)
    return payout


def ask_in_closed(user_id: int) -> None:
    """Within an operation: have all that has come into a closed account paid out, since its owner cannot ask for it."""
    if available := min(ledger.wallet_of(user_id).available, MOST_MINOR):
        _ask(user_id, available)


def _ask(user_id: int, amount_minor: int) -> Payout:
    if not LEAST_MINOR <= amount_minor <= MOST_MINOR:
        raise Invalid.field("amountMinor", f"A payout is from {LEAST_MINOR} to {MOST_MINOR} minor units.")
    payout = Payout(user_id=user_id, amount_minor=amount_minor, state="requested", created_at=clock.now())
    db.session.add(payout)
    db.session.flush()
    moves = ledger.transfer(Account(user_id, "available"), Account(user_id, "payouts"), amount_minor)
    ledger.post(Posting("payout", f"payout:{payout.id}", moves))
    return payout


@operation()
def settle(actor: User, payout_id: str, *, paid: bool) -> Payout:
    """An admin has paid it, or sends it back to where it came from. Raises Forbidden, NotFound, Conflict wrong_state."""
    _require_admin(actor)
    payout = _locked(payout_id)
    _require_requested(payout)
    payout.state, payout.settled_at = "paid" if paid else "returned", clock.now()
    to = CLEARING if paid else Account(payout.user_id, "available")
    moves = ledger.transfer(Account(payout.user_id, "payouts"), to, payout.amount_minor)
    ledger.post(Posting(f"payout_{payout.state}", f"payout_settled:{payout.id}", moves))
    audit.note(
        actor,
        f"payout_{payout.state}",
        f"payout:{payout.id}",
        userId=payout.user_id,
        amountMinor=payout.amount_minor,
    )
    return payout


def find_requested(actor: User, payout_id: str) -> Asked:
    """One that waits for an admin. Raises Forbidden, NotFound, Conflict wrong_state."""
    _require_admin(actor)
    statement = select(Payout, User).join(User, User.id == Payout.user_id)
    found = db.session.execute(statement.where(Payout.id == row_id(payout_id))).first()
    if found is None:
        raise NotFound
    _require_requested(found[0])
    return Asked(*found)


def requested(actor: User, cursor: str | None = None, limit: int = 50) -> Page[Asked]:
    """What waits for an admin, the longest first. Raises Forbidden, Invalid."""
    _require_admin(actor)
    order = Payout.created_at, Payout.id
    statement = select(Payout, User).join(User, User.id == Payout.user_id).where(Payout.state == "requested")
    if cursor:
        after = cursors.decode(cursor, cursors.moment, cursors.number)
        statement = statement.where(tuple_(*order) > tuple_(*after))
    rows = [Asked(*row) for row in db.session.execute(statement.order_by(*order).limit(limit + 1))]
    page = rows[:limit]
    if len(rows) <= limit:
        return Page(page, None)
    last = page[-1].payout
    return Page(page, cursors.encode(last.created_at.isoformat(), last.id))


def list_for(actor: User) -> list[Payout]:
    """The actor's own, the latest first."""
    statement = select(Payout).where(Payout.user_id == actor.id).order_by(Payout.id.desc())
    return list(db.session.scalars(statement.limit(SHOWN)))


def _locked(payout_id: str) -> Payout:
    payout: Payout | None = db.session.scalar(
        select(Payout)
        .where(Payout.id == row_id(payout_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if payout is None:
        raise NotFound
    return payout


def _require_requested(payout: Payout) -> None:
    if payout.state != "requested":
        raise Conflict("This payout has been settled already.", code="wrong_state")


def _require_admin(actor: User) -> None:
    if not actor.is_admin:
        raise Forbidden("Only an admin may do this.", code="not_an_admin")
