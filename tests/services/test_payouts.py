"""Payouts: held apart, then paid or sent back, once."""

import pytest
from sqlalchemy import select, update

from lumina.errors import Conflict, Forbidden, InsufficientBalance, Invalid, NotFound
from lumina.extensions import db
from lumina.models import AuditEntry, Payout
from lumina.services import ledger, payouts
from lumina.services.views import Wallet
from tests.support import paying


@pytest.fixture
def owner(inside, cast):
    paying.credit(inside, cast.owner, 5000)
    return cast.owner


def wallet(person):
    return ledger.wallet_of(int(person.id))


def test_what_is_asked_for_is_held_apart(inside, owner):
    payout = payouts.ask(owner.user, 2000)
    assert (payout.state, payout.amount_minor) == ("requested", 2000)
    assert wallet(owner) == Wallet(available=3000, payouts=2000)
    paying.require_true_ledger(inside)


@pytest.mark.parametrize(
    ("paid", "state", "after"), [(True, "paid", Wallet(3000)), (False, "returned", Wallet(5000))]
)
def test_an_admin_settles_it_once(inside, cast, owner, paid, state, after):
    payout_id = str(payouts.ask(owner.user, 2000).id)
    settled = payouts.settle(cast.admin.user, payout_id, paid=paid)
    assert settled.state == state
    assert settled.settled_at
    for again in (True, False):
        with pytest.raises(Conflict) as refused:
            payouts.settle(cast.admin.user, payout_id, paid=again)
        assert refused.value.code == "wrong_state"
    assert wallet(owner) == after
    noted = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (noted.act, noted.subject) == (f"payout_{state}", f"payout:{payout_id}")
    assert noted.details == {"userId": int(owner.id), "amountMinor": 2000}
    paying.require_true_ledger(inside)


def test_no_more_than_there_is(inside, owner):
    with pytest.raises(InsufficientBalance):
        payouts.ask(owner.user, 5001)
    assert payouts.list_for(owner.user) == []
    assert wallet(owner) == Wallet(5000)


@pytest.mark.parametrize("amount", [0, -1, 100_000_001])
def test_amounts_out_of_bounds(inside, owner, amount):
    with pytest.raises(Invalid):
        payouts.ask(owner.user, amount)


def test_only_an_admin_settles_and_sees_all(inside, cast, owner):
    payout = payouts.ask(owner.user, 2000)
    for refused in (
        lambda: payouts.settle(owner.user, str(payout.id), paid=True),
        lambda: payouts.find_requested(owner.user, str(payout.id)),
        lambda: payouts.requested(owner.user),
        lambda: payouts.ask_for(cast.outsider.user, owner.id, 1),
    ):
        with pytest.raises(Forbidden):
            refused()
    with pytest.raises(NotFound):
        payouts.settle(cast.admin.user, "999", paid=True)
    with pytest.raises(NotFound):
        payouts.find_requested(cast.admin.user, "999")
    assert payouts.find_requested(cast.admin.user, str(payout.id)).user.id == owner.user.id


def test_the_admin_sees_what_waits_the_longest_first(inside, cast, owner):
    paying.credit(inside, cast.member, 100)
    first, second = payouts.ask(owner.user, 1), payouts.ask(cast.member.user, 100)
    third = payouts.ask(owner.user, 3)
    payouts.settle(cast.admin.user, str(third.id), paid=True)
    waiting = payouts.requested(cast.admin.user).items
    assert [(asked.payout.id, str(asked.user.id)) for asked in waiting] == [
        (first.id, cast.owner.id),
        (second.id, cast.member.id),
    ]
    assert [payout.id for payout in payouts.list_for(owner.user)] == [third.id, first.id]


def test_many_that_wait_have_pages(inside, cast, owner):
    asked = [payouts.ask(owner.user, 1).id for _ in range(5)]
    # Asked for in the same moment, they are told apart by their ids.
    db.session.execute(update(Payout).values(created_at=db.session.get_one(Payout, asked[0]).created_at))
    db.session.commit()
    found, cursor = [], None
    for expected in (2, 2, 1):
        page = payouts.requested(cast.admin.user, cursor, limit=2)
        assert len(page.items) == expected
        found += [one.payout.id for one in page.items]
        cursor = page.next_cursor
    assert (found, cursor) == (asked, None)


def test_an_admin_asks_for_somebody(inside, cast, owner):
    payout = payouts.ask_for(cast.admin.user, owner.id, 5000)
    assert (str(payout.user_id), payout.state) == (owner.id, "requested")
    noted = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (noted.act, noted.actor_id) == ("payout_asked", int(cast.admin.id))
    with pytest.raises(NotFound):
        payouts.ask_for(cast.admin.user, "999", 1)
