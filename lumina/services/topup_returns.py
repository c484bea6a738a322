"""Money that comes in after its account was closed: it goes back to whoever paid it, through their provider.

It is booked when it comes, since we have it, and booked out when the provider has taken it back. Where the provider
will not, an admin finds it among the payouts.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select

from lumina import clock, payments
from lumina.extensions import db
from lumina.models import Topup, User
from lumina.payments import Refund
from lumina.services import ledger, payouts, policy, topups
from lumina.services.ledger import CLEARING, Account, Posting
from lumina.services.sweep import Job, by
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


def given(topup: Topup, amount_minor: int, kind: str, key: str) -> Posting:
    """What the outside world gives us of a top-up once more."""
    moves = ledger.transfer(CLEARING, Account(topup.user_id, "available"), amount_minor)
    return Posting(kind, key, moves)


def book(topup: Topup, refunds: Sequence[Refund]) -> None:
    """Within an operation that has it locked: all that was sent back to its payer, whoever sent it, and what of that
    has failed. Each is booked once, under its name, and one that has failed stays so: whichever of two looks at the
    provider is booked first, the ledger ends the same."""
    booked = ledger.booked([_sent(refund) for refund in refunds] + [_failed(refund) for refund in refunds])
    standing = [refund for refund in refunds if _failed(refund) not in booked]
    # Once only their sum was booked: what of it is under no name are the earliest.
    unnamed = topup.returned_minor - sum(one.amount_minor for one in standing if _sent(one) in booked)
    postings = []
    for refund in standing:
        amount = refund.amount_minor
        if _sent(refund) not in booked:
            if unnamed >= amount:
                unnamed -= amount
            else:
                postings.append(taken(topup, amount, "topup_returned", _sent(refund)))
                topup.returned_minor += amount
        if refund.has_failed:
            postings.append(given(topup, amount, "topup_kept", _failed(refund)))
            topup.returned_minor -= amount
    if postings:
        ledger.post(*postings)
    _settle(topup, has_failed=any(refund.has_failed for refund in standing))


def _sent(refund: Refund) -> str:
    return f"refund:{refund.id}"


def _failed(refund: Refund) -> str:
    return f"refund_failed:{refund.id}"


def _settle(topup: Topup, *, has_failed: bool) -> None:
    """What failed once would fail again. Of a closed account nobody else would ask for it."""
    if has_failed and db.session.get_one(User, topup.user_id).closed_at:
        keep(topup)
    elif topup.state == "returning" and topup.returned_minor == topup.amount_minor:
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
        refunds = topups.provider().give_back(claim.wanted)
    except payments.Refused as reason:
        log.error("top-up %d of a closed account is to be paid out by hand: %s", topup_id, reason)
        return _refuse(None, topup_id)
    return _end(None, topup_id, refunds)


@operation()
def _claim(actor: None, topup_id: int) -> Claim | None:
    """Take what is due, unless somebody else is faster."""
    topup, now = topups.locked(topup_id), clock.now()
    if topup.state != "returning" or topup.due_at is None or topup.due_at >= now:
        return None
    topup.due_at = now + CLAIM
    if topup.reference is None:
        return None
    left = topup.amount_minor - topup.returned_minor
    return Claim(payments.Return(topup.id, topup.reference, left), topup.provider)


@operation()
def _end(actor: None, topup_id: int, refunds: Sequence[Refund]) -> bool:
    """Book what the provider has said; it may have told more of it meanwhile."""
    topup = topups.locked(topup_id)
    was_returning = topup.state == "returning"
    book(topup, refunds)
    return was_returning and topup.state != "returning"


@operation()
def _refuse(actor: None, topup_id: int) -> bool:
    """The provider will not, unless it has told meanwhile that all is done."""
    topup = topups.locked(topup_id)
    if topup.state != "returning":
        return False
    keep(topup)
    return True


JOBS = [Job("topup_returns", by(topups.due("returning")), _give_back, at_once=AT_ONCE)]
