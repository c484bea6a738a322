"""Refunds come and fail while looks at them are told late, twice and in any order: the ledger ends the same."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lumina import clock
from lumina.extensions import db
from lumina.models import LedgerTransaction, Topup, User
from lumina.payments import Paid, Payment, Refund, Refunded
from lumina.services import ledger, ledger_check, payouts, provider_events, topups
from tests.support import making
from tests.support.application import empty

PAID = 5000


@st.composite
def histories(draw):
    """What stood at the provider after each thing that happened there."""
    looks, refunds = [], []
    for amount in draw(st.lists(st.integers(1, PAID // 3), min_size=1, max_size=3)):
        refunds.append(Refund(f"re_{len(refunds)}", amount, has_failed=False))
        looks.append(tuple(refunds))
        which = draw(st.integers(-1, len(refunds) - 1))
        if which >= 0:
            refunds[which] = replace(refunds[which], has_failed=True)
            looks.append(tuple(refunds))
    return looks


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    looks=histories(),
    spent=st.integers(0, PAID),
    is_closed=st.booleans(),
    data=st.data(),
)
def test_the_ledger_ends_the_same(inside, looks, spent, is_closed, data):
    empty(db.engine)
    topup_id, user_id = paid(inside, spent, is_closed)
    told = data.draw(
        st.permutations([*range(len(looks)), *data.draw(st.lists(st.sampled_from(range(len(looks)))))])
    )
    for index in told:
        payment = Payment(topup_id, PAID, "USD")
        provider_events.hear(None, "sandbox", Refunded(f"evt_{index}", payment, looks[index]))
    require(looks[-1], topup_id, user_id, 0 if is_closed else spent)


def paid(app, spent, is_closed):
    """A payment of which so much is paid out again already, or which has come in after its account was closed."""
    [user_id] = making.crowd(app, 1)
    user = db.session.get_one(User, int(user_id))
    topup = topups.begin(user, PAID)
    topup_id = topup.id
    if is_closed:
        user = db.session.get_one(User, int(user_id))
        user.closed_at = clock.now()
        db.session.commit()
    provider_events.hear(None, "sandbox", Paid("paid", Payment(topup_id, PAID, "USD")))
    if spent and not is_closed:
        payouts.ask(db.session.get_one(User, int(user_id)), spent)
    return topup_id, int(user_id)


def require(refunds, topup_id, user_id, spent):
    gone = sum(refund.amount_minor for refund in refunds if not refund.has_failed)
    db.session.rollback()
    topup, wallet = db.session.get_one(Topup, topup_id), ledger.wallet_of(user_id)
    assert topup.returned_minor == gone
    assert wallet.available + wallet.payouts + wallet.debt == PAID - gone
    assert wallet.available == 0 or wallet.debt == 0
    if topup.state == "paid":
        assert wallet.available + wallet.debt == PAID - gone - spent
    else:
        has_failed = any(refund.has_failed for refund in refunds)
        assert topup.state == ("kept" if has_failed else "returned" if gone == PAID else "returning")
    keys = set(
        db.session.scalars(select(LedgerTransaction.key).where(LedgerTransaction.key.startswith("refund")))
    )
    assert keys == {f"refund:{one.id}" for one in refunds} | {
        f"refund_failed:{one.id}" for one in refunds if one.has_failed
    }
    assert list(ledger_check.differences()) == []
