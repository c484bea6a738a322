"""Money that comes in after its account was closed goes back to whoever paid it, through their provider, once."""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest
from sqlalchemy import select

from lumina import payments
from lumina.errors import Forbidden
from lumina.extensions import db
from lumina.models import LedgerAccount, LedgerEntry, LedgerTransaction, Payout, Topup
from lumina.services import closing, ledger, provider_events, topup_returns, topups
from tests.support import paying
from tests.support.cast import PASSWORD

TOPUPS = "/api/wallet/topups"
COMPLETED = "checkout.session.completed"
DOWN = (500, {"error": {"type": "api_error", "message": "Sorry"}})
REFUSES = (400, {"error": {"type": "invalid_request_error", "message": "No", "code": "charge_disputed"}})
REFUND = ("POST", "/v1/refunds")


@pytest.fixture(autouse=True)
def true_ledger(app):
    yield
    paying.require_true_ledger(app)


@pytest.fixture
def left(api, cast):
    """Begins a top-up of 50 and closes the account: the session at Stripe's, which is still to be paid."""

    def left(stripe):
        topup = api.as_(cast.owner).post(TOPUPS, {"amountMinor": 5000}, status=201)["topup"]
        api.as_(cast.owner).delete("/api/users/me", {"password": PASSWORD})
        return stripe.sessions[topup["checkoutUrl"].rpartition("/")[2]]

    return left


@pytest.fixture
def closed(stripe, left):
    """The same, and it is paid: the charge, of which nothing has been told yet, and its session."""
    session = left(stripe)
    return stripe.pay(session["id"]), session


def held(app, cast):
    """(available, payouts, debt) of the closed account."""
    with app.app_context():
        wallet = ledger.wallet_of(int(cast.owner.id))
        return wallet.available, wallet.payouts, wallet.debt


def state(app):
    with app.app_context():
        return db.session.scalars(select(Topup.state)).one()


def lines(app):
    """What has moved from the outside world and back to it, in order."""
    with app.app_context():
        rows = db.session.execute(
            select(LedgerTransaction.kind, LedgerEntry.amount_minor)
            .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
            .join(LedgerAccount, LedgerAccount.id == LedgerEntry.account_id)
            .where(LedgerAccount.kind == "clearing")
            .order_by(LedgerEntry.id)
        )
        return [(kind, -amount) for kind, amount in rows]


def asked_back(stripe):
    return stripe.asked.count(REFUND)


def test_it_goes_back_at_once(app, cast, stripe, closed):
    charge, session = closed
    assert stripe.tell(COMPLETED, session, times=2) == [200, 200]
    assert (state(app), held(app, cast)) == ("returning", (5000, 0, 0))
    paying.carry_out(app)
    assert (state(app), held(app, cast)) == ("returned", (0, 0, 0))
    assert (charge["amount_refunded"], asked_back(stripe)) == (5000, 1)
    assert lines(app) == [("topup", 5000), ("topup_returned", -5000)]
    # And then Stripe tells of it, and once more of the payment.
    stripe.tell("charge.refunded", charge, times=2)
    stripe.tell(COMPLETED, session)
    paying.carry_out(app)
    assert (held(app, cast), asked_back(stripe)) == ((0, 0, 0), 1)


def test_in_the_sandbox_too(app, api, cast):
    made = api.as_(cast.owner).post(TOPUPS, {"amountMinor": 5000}, status=201)["topup"]
    api.as_(cast.owner).delete("/api/users/me", {"password": PASSWORD})
    with app.app_context():
        payment = payments.Payment(int(made["id"]), 5000, "USD")
        provider_events.hear(None, "sandbox", payments.Paid("event", payment))
    paying.carry_out(app)
    assert (state(app), held(app, cast)) == ("returned", (0, 0, 0))
    assert lines(app) == [("topup", 5000), ("topup_returned", -5000)]


def test_one_that_had_expired_goes_back_too(app, cast, stripe, left):
    session = left(stripe)
    paying.advance(app, paying.DAY + 60)
    assert state(app) == "expired"
    stripe.pay(session["id"])
    stripe.tell(COMPLETED, session)
    paying.carry_out(app)
    assert (state(app), held(app, cast)) == ("returned", (0, 0, 0))


def test_a_late_no_changes_nothing(app, stripe, closed):
    _, session = closed
    stripe.tell(COMPLETED, session)
    stripe.tell("checkout.session.expired", session)
    assert state(app) == "returning"


def test_stripe_out_of_reach_is_asked_again(app, cast, stripe, closed):
    charge, session = closed
    stripe.tell(COMPLETED, session)
    stripe.failing = DOWN
    paying.carry_out(app)
    assert (state(app), held(app, cast), charge["amount_refunded"]) == ("returning", (5000, 0, 0), 0)
    stripe.failing = None
    paying.carry_out(app)
    assert state(app) == "returning"
    paying.advance(app, 5 * 60 + 1)
    assert (state(app), held(app, cast), charge["amount_refunded"]) == ("returned", (0, 0, 0), 5000)


def test_a_crash_after_stripe_was_asked(app, cast, stripe, closed, monkeypatch):
    """It is asked again under the same key, and answers the same."""
    charge, session = closed
    stripe.tell(COMPLETED, session)

    def crash(*_, **__):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(topup_returns, "_end", crash)
        paying.carry_out(app)
    assert (state(app), charge["amount_refunded"]) == ("returning", 5000)
    paying.advance(app, 5 * 60 + 1)
    assert (state(app), held(app, cast)) == ("returned", (0, 0, 0))
    assert (charge["amount_refunded"], asked_back(stripe)) == (5000, 2)


def test_many_sweep_at_once(app, cast, stripe, closed):
    _, session = closed
    stripe.tell(COMPLETED, session)
    stripe.pause = 0.2
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: paying.carry_out(app), range(4)))
    assert (held(app, cast), asked_back(stripe)) == ((0, 0, 0), 1)


def test_what_another_process_has_just_taken_is_left_to_it(app, stripe, closed):
    _, session = closed
    stripe.tell(COMPLETED, session)
    with app.app_context():
        topup_id = db.session.scalars(select(Topup.id)).one()
        assert topup_returns._claim(None, topup_id) is not None
        assert topup_returns._give_back(topup_id) is False
    assert asked_back(stripe) == 0


def test_an_admin_was_faster_at_stripe(app, cast, stripe, closed):
    """Part by part, and only one is told before we ask."""
    charge, session = closed
    stripe.refund(charge, 2000)
    assert stripe.tell("charge.refunded", charge) == [200]
    assert (state(app), held(app, cast)) == ("returning", (3000, 0, 0))
    stripe.refund(charge, 3000)
    paying.carry_out(app)
    assert (state(app), held(app, cast), charge["amount_refunded"]) == ("returned", (0, 0, 0), 5000)
    stripe.tell("charge.refunded", charge)
    stripe.tell(COMPLETED, session)
    assert lines(app) == [("topup", 5000), ("topup_returned", -2000), ("topup_returned", -3000)]


def test_all_of_it_told_before_we_ask(app, cast, stripe, closed):
    charge, _ = closed
    stripe.refund(charge, 5000)
    stripe.tell("charge.refunded", charge)
    assert (state(app), held(app, cast)) == ("returned", (0, 0, 0))
    paying.carry_out(app)
    assert asked_back(stripe) == 0


def test_a_payment_whose_checkout_is_told_later(app, cast, stripe, closed):
    """A crash kept its reference from us, and a refund of part of it is the first that we hear."""
    charge, session = closed
    with app.app_context():
        db.session.scalars(select(Topup)).one().reference = None
        db.session.commit()
    stripe.refund(charge, 2000)
    stripe.tell("charge.refunded", charge)
    paying.carry_out(app)
    assert (state(app), asked_back(stripe)) == ("returning", 0)
    stripe.tell(COMPLETED, session)
    paying.advance(app, 5 * 60 + 1)
    assert (state(app), held(app, cast)) == ("returned", (0, 0, 0))


def payouts(app):
    with app.app_context():
        return list(db.session.execute(select(Payout.amount_minor, Payout.state)))


def test_what_stripe_will_not_give_back_is_for_an_admin_to_pay(app, api, cast, stripe, closed, caplog):
    _, session = closed
    stripe.tell(COMPLETED, session)
    stripe.failing = REFUSES
    with caplog.at_level(logging.ERROR):
        paying.carry_out(app)
    assert "to be paid out by hand: " in caplog.text
    assert (state(app), held(app, cast)) == ("kept", (0, 5000, 0))
    [asked] = api.as_(cast.admin).get("/api/admin/payouts")["payouts"]
    assert (asked["userId"], asked["amountMinor"]) == (cast.owner.id, 5000)
    api.as_(cast.admin).post(f"/api/admin/payouts/{asked['id']}", {"paid": True})
    assert held(app, cast) == (0, 0, 0)


@pytest.mark.parametrize("other", [None, payments.Sandbox()])
def test_a_deployment_that_has_left_its_provider(app, cast, stripe, closed, monkeypatch, other):
    _, session = closed
    stripe.tell(COMPLETED, session)
    monkeypatch.setattr(topups, "_provider", other)
    paying.carry_out(app)
    assert (state(app), held(app, cast)) == ("kept", (0, 5000, 0))


def test_a_return_that_does_not_arrive(app, cast, stripe, closed):
    _, session = closed
    stripe.tell(COMPLETED, session)
    paying.carry_out(app)
    refund = stripe.undo(stripe.refunds[0])
    stripe.tell("refund.failed", refund, times=2)
    stripe.tell("refund.failed", refund)
    assert (state(app), held(app, cast), payouts(app)) == ("kept", (0, 5000, 0), [(5000, "requested")])
    paying.carry_out(app)
    assert asked_back(stripe) == 1


def test_a_return_that_fails_before_we_have_noted_it(app, cast, stripe, closed):
    charge, session = closed
    stripe.tell(COMPLETED, session)
    refund = stripe.refund(charge, 5000)
    answered = payments.Refund(refund["id"], 5000, has_failed=False)
    stripe.tell("refund.failed", stripe.undo(refund))
    assert (state(app), held(app, cast)) == ("kept", (0, 5000, 0))
    with app.app_context():
        topup_id = db.session.scalars(select(Topup.id)).one()
        assert topup_returns._end(None, topup_id, [answered]) is False
        assert topup_returns._refuse(None, topup_id) is False
    assert held(app, cast) == (0, 5000, 0)
    assert lines(app) == [("topup", 5000), ("topup_returned", -5000), ("topup_kept", 5000)]


def test_a_return_that_had_failed_when_we_asked_again(app, cast, stripe, closed, monkeypatch):
    """Stripe answers the same key as it did at first, whatever has become of that refund since."""
    _, session = closed
    stripe.tell(COMPLETED, session)
    with monkeypatch.context() as patch:
        patch.setattr(topup_returns, "_end", None)
        paying.carry_out(app)
    stripe.undo(stripe.refunds[0])
    paying.advance(app, 5 * 60 + 1)
    assert (state(app), held(app, cast), payouts(app)) == ("kept", (0, 5000, 0), [(5000, "requested")])


def test_a_dispute_that_is_won_after_the_account_was_closed(app, api, cast, stripe):
    """It was paid in time, and its money comes back to us too late."""
    me = api.as_(cast.owner)
    topup = me.post(TOPUPS, {"amountMinor": 5000}, status=201)["topup"]
    session = stripe.sessions[topup["checkoutUrl"].rpartition("/")[2]]
    dispute = stripe.dispute(stripe.pay(session["id"]))
    stripe.tell(COMPLETED, session)
    stripe.tell("charge.dispute.created", dispute)
    me.delete("/api/users/me", {"password": PASSWORD})
    stripe.tell("charge.dispute.closed", dispute | {"status": "won"}, times=2)
    assert (state(app), held(app, cast), payouts(app)) == ("kept", (0, 5000, 0), [(5000, "requested")])


def test_what_the_bank_has_in_dispute_is_not_given_back_besides(app, cast, stripe, closed):
    """Nor is what the bank has left of it: an admin pays that out."""
    charge, _ = closed
    stripe.tell("charge.dispute.created", stripe.dispute(charge, 1000))
    assert held(app, cast) == (4000, 0, 0)
    paying.carry_out(app)
    assert (state(app), held(app, cast)) == ("kept", (0, 4000, 0))
    assert charge["amount_refunded"] == 0


def test_a_debt_stays_where_it_is(app, api, cast, stripe):
    """What was charged back after the closing is owed still; what comes in goes back whole all the same."""
    me = api.as_(cast.owner)
    sessions = []
    for _ in range(2):
        topup = me.post(TOPUPS, {"amountMinor": 5000}, status=201)["topup"]
        sessions.append(stripe.sessions[topup["checkoutUrl"].rpartition("/")[2]])
    charge = stripe.pay(sessions[0]["id"])
    stripe.tell(COMPLETED, sessions[0])
    payout = me.post("/api/wallet/payouts", {"amountMinor": 5000}, status=201)["payout"]
    api.as_(cast.admin).post(f"/api/admin/payouts/{payout['id']}", {"paid": True})
    me.delete("/api/users/me", {"password": PASSWORD})
    stripe.tell("charge.dispute.created", stripe.dispute(charge, 1000))
    assert held(app, cast) == (0, 0, -1000)
    stripe.pay(sessions[1]["id"])
    stripe.tell(COMPLETED, sessions[1])
    assert held(app, cast) == (4000, 0, 0)
    paying.carry_out(app)
    assert held(app, cast) == (0, 0, -1000)
    assert [charge["amount_refunded"] for charge in stripe.charges.values()] == [0, 5000]


def test_a_payment_is_told_while_the_account_is_just_being_closed(app, api, cast, stripe, monkeypatch):
    """Closing has seen an empty wallet: the payment waits for it, and knows."""
    topup = api.as_(cast.owner).post(TOPUPS, {"amountMinor": 5000}, status=201)["topup"]
    session = stripe.sessions[topup["checkoutUrl"].rpartition("/")[2]]
    stripe.pay(session["id"])
    told, looked = [], closing._require_nothing_left

    def look(actor):
        looked(actor)
        tells.start()
        tells.join(0.3)
        told.append(tells.is_alive())

    tells = Thread(target=stripe.tell, args=(COMPLETED, session))
    monkeypatch.setattr(closing, "_require_nothing_left", look)
    api.as_(cast.owner).delete("/api/users/me", {"password": PASSWORD})
    tells.join()
    assert (told, state(app)) == ([True], "returning")
    paying.carry_out(app)
    assert (state(app), held(app, cast)) == ("returned", (0, 0, 0))


def test_an_account_is_closed_while_a_payment_is_just_being_told(app, api, cast, stripe, monkeypatch):
    topup = api.as_(cast.owner).post(TOPUPS, {"amountMinor": 5000}, status=201)["topup"]
    session = stripe.sessions[topup["checkoutUrl"].rpartition("/")[2]]
    stripe.pay(session["id"])
    refused, waited, posted = [], [], ledger.post

    def post(*postings):
        posted(*postings)
        closes.start()
        closes.join(0.3)
        waited.append(closes.is_alive())

    def close():
        answer = api.as_(cast.owner).delete("/api/users/me", {"password": PASSWORD}, status=409)
        refused.append(answer["code"])

    closes = Thread(target=close)
    monkeypatch.setattr(topups.ledger, "post", post)
    stripe.tell(COMPLETED, session)
    closes.join()
    assert (waited, refused) == ([True], ["balance_remaining"])
    assert (state(app), held(app, cast)) == ("paid", (5000, 0, 0))


def test_only_admins_see_what_is_on_its_way_back(app, cast, stripe, closed):
    _, session = closed
    stripe.tell(COMPLETED, session)
    with app.app_context():
        [topup] = topup_returns.waiting(cast.admin.user)
        assert topup.amount_minor == 5000
        with pytest.raises(Forbidden):
            topup_returns.waiting(cast.member.user)
