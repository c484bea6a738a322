"""What payment providers tell of top-ups afterwards: late, twice, out of order. Each event is booked once."""

from __future__ import annotations

import logging

from sqlalchemy.dialects import postgresql, sqlite

from lumina import clock, payments
from lumina.errors import Invalid, NotFound, Unavailable
from lumina.extensions import db
from lumina.models import ProviderEvent, Topup, User
from lumina.payments import Disputed, DisputeWon, Failed, Notice, Refunded
from lumina.services import ledger, topup_returns, topups
from lumina.services.unit_of_work import operation

log = logging.getLogger(__name__)


def receive(provider_name: str, body: bytes, signature: str | None) -> None:
    """What a provider calls us with. Raises NotFound where it is not ours, Invalid forged, Unavailable."""
    if not topups.is_on() or topups.provider().name != provider_name:
        raise NotFound
    try:
        notice = topups.provider().read(body, signature)
    except payments.Forged as error:
        log.warning("a call in the name of %s: %s", provider_name, error)
        raise Invalid("This was not signed by the payment provider.", code="forged") from None
    except payments.Unreachable as error:
        log.error("what %s tells cannot be looked up: %s", provider_name, error)
        raise Unavailable from None
    if notice:
        hear(None, provider_name, notice)


@operation()
def hear(actor: None, provider_name: str, notice: Notice) -> None:
    """Book what a provider tells, each event once and in whatever order they come."""
    if not _is_new(provider_name, notice.event_id):
        return
    topup = db.session.get(Topup, notice.payment.topup_id)
    if topup is None or topup.provider != provider_name:
        log.error("%s tells of top-up %d, which is not here", provider_name, notice.payment.topup_id)
        return
    topup = topups.locked(topup.id)
    if isinstance(notice, Failed):
        if topup.state == "open":
            topups.close(topup, notice.state)
    # Whatever is said of a payment, it has been paid before: perhaps that is still on its way to us.
    elif topups.pay(topup, notice.payment):
        _book(topup, notice)


def _book(topup: Topup, notice: Notice) -> None:
    match notice:
        case Refunded(refunds=refunds):
            topup_returns.book(topup, refunds)
        case Disputed(dispute_id=dispute_id, amount_minor=disputed):
            amount = min(disputed, topup.amount_minor)
            if not ledger.is_booked(f"dispute:{dispute_id}"):
                ledger.post(topup_returns.taken(topup, amount, "chargeback", f"dispute:{dispute_id}"))
            if isinstance(notice, DisputeWon) and not ledger.is_booked(f"dispute_won:{dispute_id}"):
                ledger.post(topup_returns.given(topup, amount, "chargeback_won", f"dispute_won:{dispute_id}"))
                # Of a closed account nobody else would ask for it.
                if db.session.get_one(User, topup.user_id).closed_at and topup.state != "returning":
                    topup_returns.keep(topup)


def _is_new(provider_name: str, event_id: str) -> bool:
    """Whether this event is heard for the first time; where another call hears it just now, it is waited for."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    fresh = {"provider": provider_name, "event_id": event_id, "created_at": clock.now()}
    claimed = insert(ProviderEvent).values(fresh).on_conflict_do_nothing().returning(ProviderEvent.event_id)
    return db.session.execute(claimed).first() is not None
