"""Top-ups: money that comes into a wallet through a payment provider's checkout."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Select, select

from lumina import clock, payments
from lumina.config import Config
from lumina.errors import Conflict, Invalid, NotFound, Unavailable
from lumina.extensions import db
from lumina.models import Topup, User, statements
from lumina.payments import Order, Payment
from lumina.services import ledger, limits, policy, wallets
from lumina.services.ledger import CLEARING, Account, Posting
from lumina.services.lookup import row_id
from lumina.services.sweep import Job, by
from lumina.services.unit_of_work import operation

log = logging.getLogger(__name__)
LEAST_MINOR, MOST_MINOR = 100, 1_000_000
LASTS = timedelta(days=1)
# The latest of somebody, as admins see them.
SHOWN = 5

_provider: payments.Provider | None = None


def configure(config: Config) -> None:
    """Take the deployment's payment provider, if it has one."""
    global _provider
    _provider = payments.opened(config)


def provider() -> payments.Provider:
    """Who takes the money. Raises Conflict payments_off."""
    if _provider is None:
        raise Conflict(
            "Wallets cannot be topped up here: no payment provider is set up.", code="payments_off"
        )
    return _provider


def is_on() -> bool:
    """Whether wallets can be topped up here."""
    return _provider is not None


def start(actor: User, amount_minor: int, *, site: str, return_to: str | None = None) -> Topup:
    """A new top-up with its checkout; `return_to` is the path on this site to come back to. Raises as begin and
    checkout do."""
    return checkout(actor, begin(actor, amount_minor, return_to).id, site)


@operation()
def begin(actor: User, amount_minor: int, return_to: str | None = None) -> Topup:
    """A new top-up, yet without its checkout. Raises Invalid, Conflict payments_off, TooMany."""
    taken_by = provider().name
    if not LEAST_MINOR <= amount_minor <= MOST_MINOR:
        raise Invalid.field("amountMinor", f"A top-up is from {LEAST_MINOR} to {MOST_MINOR} minor units.")
    limits.spend("topup", str(actor.id))
    now = clock.now()
    topup = Topup(
        user_id=actor.id,
        amount_minor=amount_minor,
        state="open",
        provider=taken_by,
        return_to=return_to,
        returned_minor=0,
        due_at=now + LASTS,
        created_at=now,
    )
    db.session.add(topup)
    db.session.flush()
    return topup


def checkout(actor: User, topup_id: int, site: str) -> Topup:
    """Outside of any unit of work: the top-up with its page to pay at, asked for again where that failed before; `site`
    is our own address. Raises Unavailable."""
    topup = find(actor, str(topup_id))
    if topup.checkout_url or topup.state != "open":
        return topup
    order = Order(
        topup.id,
        topup.amount_minor,
        wallets.currency(),
        actor.email,
        site,
        f"{site}/wallet/topups/{topup.id}",
    )
    try:
        made = provider().checkout(order)
    except payments.Unreachable as error:
        log.error("no checkout for top-up %d: %s", topup.id, error)
        raise Unavailable(
            "The payment provider cannot be reached just now. Nothing has been taken.", retry_after=5
        ) from None
    return _keep(actor, topup.id, made)


@operation()
def _keep(actor: User, topup_id: int, made: payments.Checkout) -> Topup:
    topup = db.session.get_one(Topup, topup_id, with_for_update=True, populate_existing=True)
    # Two at once may have asked: the first one's page is the one that counts.
    if topup.checkout_url is None:
        topup.reference, topup.checkout_url = made.reference, made.url
    return topup


def find(actor: User, topup_id: str) -> Topup:
    """One of the actor's own. Raises NotFound."""
    topup: Topup | None = db.session.scalar(
        select(Topup).where(Topup.id == row_id(topup_id), Topup.user_id == actor.id)
    )
    if topup is None:
        raise NotFound
    return topup


def list_of(actor: User, user_id: int) -> list[Topup]:
    """Somebody's latest, as an admin sees them. Raises Forbidden."""
    policy.require_admin(actor)
    statement = select(Topup).where(Topup.user_id == user_id).order_by(Topup.id.desc())
    return list(db.session.scalars(statement.limit(SHOWN)))


def in_sandbox(actor: User, token: str) -> Topup:
    """One of the actor's own, by its page in the sandbox. Raises NotFound, also where payments are real."""
    topup: Topup | None = db.session.scalar(
        select(Topup).where(Topup.reference == token, Topup.user_id == actor.id, Topup.provider == "sandbox")
    )
    if topup is None or not isinstance(_provider, payments.Sandbox):
        raise NotFound
    return topup


@operation()
def answer_in_sandbox(actor: User, token: str, *, pays: bool) -> Topup:
    """Pay there, or cancel: the first answer counts, another one does nothing. Raises NotFound."""
    topup = locked(in_sandbox(actor, token).id)
    if topup.state == "open" and pays:
        pay(topup, Payment(topup.id, topup.amount_minor, wallets.currency()))
    elif topup.state == "open":
        close(topup, "cancelled")
    return topup


def pay(topup: Topup, payment: Payment) -> bool:
    """Within an operation that has it locked: whether it is paid, from now on at the latest. Money that comes late is
    welcome, but goes back where its account is closed; other money is not ours to give."""
    told = (payment.amount_minor, payment.currency, payment.reference or topup.reference)
    if told != (topup.amount_minor, wallets.currency(), topup.reference or payment.reference):
        log.error(
            "top-up %d is of %d %s (%s), but %d %s (%s) is told: nothing is booked",
            topup.id,
            topup.amount_minor,
            wallets.currency(),
            topup.reference,
            payment.amount_minor,
            payment.currency,
            payment.reference,
        )
        return False
    topup.reference = topup.reference or payment.reference
    if topup.paid_at is None:
        topup.paid_at = clock.now()
        if db.session.get_one(User, topup.user_id).closed_at:
            topup.state, topup.due_at = "returning", topup.paid_at
        else:
            close(topup, "paid")
        moves = ledger.transfer(CLEARING, Account(topup.user_id, "available"), topup.amount_minor)
        ledger.post(Posting("topup", f"topup:{topup.id}", moves))
    return True


def close(topup: Topup, state: str) -> None:
    """Within an operation: nothing more is awaited of it."""
    topup.state, topup.due_at = state, None


def locked(topup_id: int) -> Topup:
    """Within an operation: a top-up, locked after its owner, as whoever closes an account locks people first: either the
    money is seen there, or the closing here."""
    owner = select(Topup.user_id).where(Topup.id == topup_id).scalar_subquery()
    db.session.scalar(
        select(User)
        .where(User.id == owner)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return db.session.get_one(Topup, topup_id, with_for_update=True, populate_existing=True)


def due(state: str) -> Select[Any]:
    """Those in this state whose time has come."""
    when = (Topup.due_at < statements.due.NOW) & (Topup.state == state)
    return statements.due.earliest(Topup.id, at=Topup.due_at, when=when)


@operation()
def _expire(actor: None, topup_id: int) -> bool:
    topup = locked(topup_id)
    if topup.state != "open" or topup.due_at is None or topup.due_at >= clock.now():
        return False
    close(topup, "expired")
    return True


JOBS = [Job("topups", by(due("open")), partial(_expire, None))]
