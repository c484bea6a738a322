"""Money that comes in after its account was closed: it goes back to whoever paid it, through their provider.

It is booked when it comes, since we have it, and booked out when the provider has taken it back. Where the provider
will not, an admin finds it among the payouts.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy import select

from lumina import clock, payments
from lumina.extensions import db
from lumina.models import Topup, User
from lumina.services import ledger, payouts, policy, topups
from lumina.services.ledger import CLEARING, Account, Posting
from lumina.services.sweep import Job
from lumina.services.unit_of_work import operation

log = logging.getLogger(__name__)
AT_ONCE = 4
# While one process asks the provider, the others leave it alone; and how long before it is asked again.
CLAIM = timedelta(minutes=5)
MOST_LISTED = 50


class Claim(NamedTuple):
    """A return that is this process's for a while."""

    wanted: payments.Return
    provider: str


def taken(topup: Topup, amount_minor: int, kind: str, key: str) -> Posting:
    """What the outside world takes back of a top-up; what is not there any more becomes a debt."""
    moves = ledger.transfer(Account(topup.user_id, "available"), CLEARING, amount_minor)
    return Posting(kind, key, moves, overdraw=True)


def book(topup: Topup, total_minor: int, key: str) -> None:
    """Within an operation that has it locked: so much has gone back to its payer in all, whoever sent it."""
    more = min(total_minor, topup.amount_minor) - topup.returned_minor
    if more > 0:
        topup.returned_minor += more
        ledger.post(taken(topup, more, "topup_returned", key))
    if topup.state == "returning" and topup.returned_minor == topup.amount_minor:
        topups.close(topup, "returned")


def keep(topup: Topup) -> None:
    """Within an operation that has it locked: its provider cannot give it back, so an admin is to pay it out."""
    topups.close(topup, "kept")
    payouts.ask_in_closed(topup.user_id)


def waiting(actor: User) -> list[Topup]:
    """What is on its way back, the longest first. Raises Forbidden."""
    policy.require_admin(actor)
    statement = select(Topup).where(Topup.state == "returning", Topup.due_at.is_not(None))
    return list(db.session.scalars(statement.order_by(Topup.due_at).limit(MOST_LISTED)))


def _give_back(topup_id: int) -> bool:
    """Raises payments.Unreachable where it is to be tried again."""
    claim = _claim(None, topup_id)
    if claim is None:
        return False
    try:
        if not topups.is_on() or topups.provider().name != claim.provider:
            raise payments.Refused(f"{claim.provider} is not our provider any more")
        topups.provider().give_back(claim.wanted)
    except payments.Refused as reason:
        log.error("top-up %d of a closed account is to be paid out by hand: %s", topup_id, reason)
        return _end(None, topup_id, is_returned=False)
    return _end(None, topup_id, is_returned=True)


@operation()
def _claim(actor: None, topup_id: int) -> Claim | None:
    """Take what is due, unless somebody else is faster."""
    topup, now = topups.locked(topup_id), clock.now()
    if topup.state != "returning" or topup.due_at is None or topup.due_at >= now:
        return None
    topup.due_at = now + CLAIM
    if topup.reference is None:
        return None
    return Claim(payments.Return(topup.id, topup.reference), topup.provider)


@operation()
def _end(actor: None, topup_id: int, *, is_returned: bool) -> bool:
    """Keep what the provider has said, unless it has told more of it meanwhile."""
    topup = topups.locked(topup_id)
    if topup.state != "returning":
        return False
    if is_returned:
        book(topup, topup.amount_minor, f"returned:{topup.id}")
    else:
        keep(topup)
    return True


JOBS = [Job("topup_returns", partial(topups.due, "returning"), _give_back, at_once=AT_ONCE)]
