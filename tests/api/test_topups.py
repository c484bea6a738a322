"""Money in by the API: with the sandbox, and with Stripe's own client against a server that speaks as Stripe does."""

import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lumina import payments
from lumina.errors import Invalid
from lumina.extensions import db
from lumina.models import ProviderEvent, Topup
from lumina.services import ledger, topup_returns, topups
from lumina.services.unit_of_work import operation
from tests.support import paying
from tests.support.stripe import signature

TOPUPS = "/api/wallet/topups"
COMPLETED = "checkout.session.completed"


@pytest.fixture
def me(api, cast):
    return api.as_(cast.owner)


@pytest.fixture
def start(me):
    """Begins a top-up of 50: the session at Stripe's."""

    def start(stripe, amount=5000):
        topup = me.post(TOPUPS, {"amountMinor": amount}, status=201)["topup"]
        return stripe.sessions[topup["checkoutUrl"].rpartition("/")[2]]

    return start


@pytest.fixture
def paid(stripe, start):
    """A top-up of 50 that is paid, and we know it: its charge."""
    session = start(stripe)
    charge = stripe.pay(session["id"])
    assert stripe.tell(COMPLETED, session) == [200]
    return charge


@pytest.fixture(autouse=True)
def true_ledger(app):
    yield
    paying.require_true_ledger(app)


@pytest.fixture
def money(api, cast):
    """(available, debt) of the owner."""

    def money():
        wallet = api.as_(cast.owner).get("/api/wallet")["wallet"]
        return wallet["availableMinor"], wallet["debtMinor"]

    return money


def lines(me):
    found = me.get("/api/wallet/transactions")["transactions"]
    return [(line["kind"], line["amountMinor"]) for line in found]


def test_the_sandbox_is_the_default(me):
    topup = me.post(TOPUPS, {"amountMinor": 100}, status=201)["topup"]
    assert (topup["state"], topup["amountMinor"]) == ("open", 100)
    assert topup["checkoutUrl"].startswith("http://localhost/sandbox/checkout/")
    assert me.get(f"{TOPUPS}/{topup['id']}")["topup"] == topup


@pytest.mark.parametrize("amount", [99, 1_000_001, 0, -5, 10.5, "500", None, True])
def test_sums_out_of_bounds(me, amount):
    refused = me.post(TOPUPS, {"amountMinor": amount}, status=400)
    assert refused["errors"][0]["field"] == "amountMinor"


def test_without_a_provider_there_is_none(me, monkeypatch):
    monkeypatch.setattr(topups, "_provider", None)
    refused = me.post(TOPUPS, {"amountMinor": 5000}, status=409)
    assert refused["code"] == "payments_off"


def test_stripe_is_asked_for_a_checkout(stripe, me, cast):
    topup = me.post(TOPUPS, {"amountMinor": 5000}, status=201)["topup"]
    [session] = stripe.sessions.values()
    assert topup["checkoutUrl"] == session["url"]
    named = {"lumina_topup": topup["id"]}
    assert session["metadata"] == stripe.intents[session["id"]]["metadata"] == named
    assert session["client_reference_id"] == topup["id"]
    assert (session["amount_total"], session["currency"]) == (5000, "usd")
    assert session["customer_email"] == cast.owner.email
    back = f"http://localhost/wallet/topups/{topup['id']}"
    assert (session["success_url"], session["cancel_url"]) == (back, f"{back}?left=1")


def test_it_is_in_the_wallet_once_it_is_paid(stripe, start, me, money):
    session = start(stripe)
    assert money() == (0, 0)
    stripe.pay(session["id"])
    assert stripe.tell(COMPLETED, session, times=3) == [200, 200, 200]
    assert stripe.tell(COMPLETED, session) == [200]
    assert money() == (5000, 0)
    assert lines(me) == [("topup", 5000)]
    assert me.get(f"{TOPUPS}/{session['client_reference_id']}")["topup"]["state"] == "paid"


def test_many_at_once_book_it_once(app, stripe, start, me, money):
    session = start(stripe)
    stripe.pay(session["id"])
    stripe.deliver, told = None, stripe.deliver
    stripe.tell(COMPLETED, session)
    stripe.tell(COMPLETED, session)
    stripe.deliver = told
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(stripe.send, stripe.events * 4))
    assert answers == [200] * 8
    assert lines(me) == [("topup", 5000)]


def test_a_bank_that_takes_days(app, stripe, start, money):
    session = start(stripe)
    stripe.pay(session["id"], at_once=False)
    stripe.tell(COMPLETED, session)
    assert money() == (0, 0)
    paying.advance(app, 3 * paying.DAY)
    session["payment_status"] = "paid"
    stripe.tell("checkout.session.async_payment_succeeded", session)
    assert money() == (5000, 0)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("checkout.session.async_payment_failed", "cancelled"),
        ("checkout.session.expired", "expired"),
    ],
)
def test_nothing_is_paid(stripe, start, me, money, kind, state):
    session = start(stripe)
    stripe.tell(kind, session)
    assert me.get(f"{TOPUPS}/{session['client_reference_id']}")["topup"]["state"] == state
    assert money() == (0, 0)


def test_what_is_paid_is_not_cancelled_later(stripe, paid, start, money):
    [session] = stripe.sessions.values()
    stripe.tell("checkout.session.expired", session)
    assert money() == (5000, 0)


def test_an_unpaid_one_expires_after_a_day_and_may_still_be_paid(app, stripe, start, me, money):
    session = start(stripe)
    path = f"{TOPUPS}/{session['client_reference_id']}"
    paying.advance(app, paying.DAY - 60)
    assert me.get(path)["topup"]["state"] == "open"
    paying.advance(app, 120)
    assert me.get(path)["topup"]["state"] == "expired"
    stripe.pay(session["id"])
    stripe.tell(COMPLETED, session)
    assert me.get(path)["topup"]["state"] == "paid"
    assert money() == (5000, 0)


def test_what_has_been_paid_meanwhile_does_not_expire(app, stripe, start, paid):
    [topup] = [int(session["client_reference_id"]) for session in stripe.sessions.values()]
    with app.app_context():
        assert topups._expire(None, topup) is False


@pytest.mark.parametrize(
    "wrong", [{"amount_total": 4999}, {"currency": "eur"}, {"id": "cs_test_of_somebody_else"}]
)
def test_other_money_than_was_asked_for_is_not_given(stripe, start, money, caplog, wrong):
    session = start(stripe)
    stripe.pay(session["id"])
    with caplog.at_level(logging.ERROR):
        assert stripe.tell(COMPLETED, session | wrong) == [200]
    assert "nothing is booked" in caplog.text
    assert money() == (0, 0)


def test_refunds_add_up(stripe, paid, me, money):
    for amount in (1000, 500):
        stripe.refund(paid, amount)
        stripe.tell("charge.refunded", paid, times=2)
    assert money() == (3500, 0)
    assert lines(me) == [("topup_returned", -500), ("topup_returned", -1000), ("topup", 5000)]


def test_refunds_out_of_order(stripe, paid, money):
    stripe.deliver, told = None, stripe.deliver
    for amount in (1000, 500):
        stripe.refund(paid, amount)
        stripe.tell("charge.refunded", paid)
    stripe.deliver = told
    for event in reversed(stripe.events[-2:]):
        stripe.send(event)
    assert money() == (3500, 0)


def test_a_refund_of_which_we_hear_before_the_payment(stripe, start, me, money):
    session = start(stripe)
    charge = stripe.pay(session["id"])
    stripe.refund(charge, 2000)
    assert stripe.tell("charge.refunded", charge) == [200]
    assert stripe.tell(COMPLETED, session) == [200]
    assert lines(me) == [("topup_returned", -2000), ("topup", 5000)]


@pytest.mark.parametrize(("status", "told"), [("failed", "refund.failed"), ("canceled", "refund.updated")])
def test_a_refund_that_does_not_arrive(stripe, paid, me, money, status, told):
    refund = stripe.refund(paid, 2000)
    stripe.tell("charge.refunded", paid)
    assert money() == (3000, 0)
    stripe.undo(refund, status)
    stripe.tell(told, refund, times=2)
    stripe.tell(told, refund)
    assert money() == (5000, 0)
    stripe.refund(paid, 2000)
    stripe.tell("charge.refunded", paid)
    assert money() == (3000, 0)


def test_a_refund_whose_failing_is_told_first(stripe, paid, me, money):
    """It leaves the same lines, and no debt of somebody who has spent the rest."""
    me.post("/api/wallet/payouts", {"amountMinor": 4000}, status=201)
    refund = stripe.refund(paid, 2000)
    stripe.deliver, deliver = None, stripe.deliver
    for kind, about in (("charge.refunded", paid), ("refund.created", refund)):
        stripe.tell(kind, about)
    stripe.deliver = deliver
    stripe.tell("refund.failed", stripe.undo(refund))
    for event in reversed(stripe.events[-3:-1]):
        stripe.send(event)
    assert money() == (1000, 0)
    assert [line for line in lines(me) if line[0] != "payout"] == [
        ("topup_kept", 1000),
        ("topup_returned", -1000),
        ("topup", 5000),
    ]


def test_a_list_that_lags_behind_what_is_told(stripe, paid, money):
    told = stripe.refund(paid, 2000)
    stripe.refunds.clear()
    stripe.tell("refund.created", told)
    assert money() == (3000, 0)
    stripe.tell("refund.failed", told | {"status": "failed"})
    assert money() == (5000, 0)


def test_more_refunds_than_stripe_lists_at_once(stripe, paid, money, monkeypatch):
    monkeypatch.setattr(payments.stripe, "PAGE", 2)
    for _ in range(5):
        stripe.refund(paid, 100)
    stripe.tell("charge.refunded", paid)
    assert money() == (4500, 0)
    assert stripe.asked.count(("GET", "/v1/refunds")) == 3


def test_what_was_booked_before_refunds_had_names(app, stripe, paid, money):
    """Of a deployment that booked sums: the next event finds them booked, and what is new besides."""
    early = stripe.refund(paid, 2000)
    with app.app_context():
        topup = db.session.scalars(select(Topup)).one()
        topup.returned_minor = 2000
        db.session.commit()
        operation()(lambda actor, *spent: ledger.post(*spent))(
            None, topup_returns.taken(topup, 2000, "topup_returned", "refund:evt_of_long_ago")
        )
    assert money() == (3000, 0)
    stripe.refund(paid, 500)
    stripe.tell("charge.refunded", paid)
    assert money() == (2500, 0)
    stripe.tell("refund.failed", stripe.undo(early), times=2)
    stripe.tell("charge.refunded", paid)
    assert money() == (4500, 0)


def test_what_is_spent_already_becomes_a_debt(app, stripe, paid, me, cast, money):
    me.post("/api/wallet/payouts", {"amountMinor": 4000}, status=201)
    stripe.refund(paid, 5000)
    stripe.tell("charge.refunded", paid)
    assert money() == (0, 4000)
    assert me.post("/api/wallet/payouts", {"amountMinor": 1}, status=402)["code"] == "insufficient_balance"
    paying.credit(app, cast.owner, 4500)
    assert money() == (500, 0)


def test_a_dispute_takes_it_back_once(stripe, paid, me, money):
    dispute = stripe.dispute(paid)
    stripe.tell("charge.dispute.created", dispute)
    stripe.tell("charge.dispute.funds_withdrawn", dispute)
    assert money() == (0, 0)
    stripe.tell("charge.dispute.closed", dispute | {"status": "lost"})
    assert lines(me) == [("chargeback", -5000), ("topup", 5000)]


def test_a_dispute_that_is_won(stripe, paid, me, money):
    dispute = stripe.dispute(paid)
    stripe.tell("charge.dispute.created", dispute)
    won = dispute | {"status": "won"}
    stripe.tell("charge.dispute.funds_reinstated", won)
    stripe.tell("charge.dispute.closed", won)
    assert money() == (5000, 0)
    assert lines(me) == [("chargeback_won", 5000), ("chargeback", -5000), ("topup", 5000)]


def test_a_dispute_told_backwards(stripe, start, me, money):
    session = start(stripe)
    dispute = stripe.dispute(stripe.pay(session["id"]))
    stripe.tell("charge.dispute.closed", dispute | {"status": "won"})
    stripe.tell("charge.dispute.created", dispute)
    stripe.tell(COMPLETED, session)
    assert money() == (5000, 0)


def test_a_bank_that_only_asks(stripe, paid, money):
    inquiry = stripe.dispute(paid, status="warning_needs_response")
    stripe.tell("charge.dispute.created", inquiry)
    stripe.tell("charge.dispute.closed", inquiry | {"status": "warning_closed"})
    assert money() == (5000, 0)
    stripe.tell("charge.dispute.funds_withdrawn", inquiry | {"status": "needs_response"})
    assert money() == (0, 0)


def test_a_dispute_after_a_refund(stripe, paid, money):
    stripe.refund(paid, 2000)
    stripe.tell("charge.refunded", paid)
    stripe.tell("charge.dispute.created", stripe.dispute(paid, 3000))
    assert money() == (0, 0)


def test_what_is_nothing_to_us(app, stripe, paid, money):
    """The account may take other payments, and tell of other things."""
    foreign = paid | {"metadata": {}, "payment_intent": None}
    told = {
        "customer.created": {"id": "cus_1"},
        "charge.refunded": foreign | {"amount_refunded": 5000},
        "charge.dispute.created": stripe.dispute(foreign),
        "refund.failed": stripe.refund(foreign, 100),
        COMPLETED: {"id": "cs", "metadata": {}, "payment_status": "paid", "amount_total": 1},
        "checkout.session.expired": {"id": "cs", "metadata": {"lumina_topup": "x"}, "amount_total": 1},
    }
    for kind, about in told.items():
        assert stripe.tell(kind, about) == [200], kind
    [session] = stripe.sessions.values()
    unknown = session | {"metadata": {"lumina_topup": "987654321"}}
    assert stripe.tell(COMPLETED, unknown) == [200]
    assert money() == (5000, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Stripe-Signature": "nonsense"},
        {"Stripe-Signature": signature(b"{}", "whsec_of_somebody_else")},
        {"Stripe-Signature": signature(b"{}", at=time.time() - 600)},
        {"Stripe-Signature": signature(b"[]")},
    ],
)
def test_what_stripe_has_not_signed_just_now(app, stripe, headers):
    answer = app.test_client().post("/webhooks/stripe", data=b"{}", headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "forged")


@pytest.mark.parametrize("body", [b"\xff\xfe", b"not json"])
def test_what_is_signed_and_no_event(app, stripe, body):
    signed = "t=1,v1=x" if body == b"\xff\xfe" else signature(body)
    answer = app.test_client().post("/webhooks/stripe", data=body, headers={"Stripe-Signature": signed})
    assert answer.status_code == 400


def test_a_changed_body_is_forged(app, stripe, start, money):
    session = start(stripe)
    stripe.deliver = None
    stripe.tell(COMPLETED, session)
    body = json.dumps(stripe.events[0]).encode()
    forged = body.replace(b'"unpaid"', b'"paid"')
    assert forged != body
    headers = {"Stripe-Signature": signature(body)}
    assert app.test_client().post("/webhooks/stripe", data=forged, headers=headers).status_code == 400
    assert money() == (0, 0)


def test_without_stripe_nobody_listens(app):
    assert app.test_client().post("/webhooks/stripe", data=b"{}").status_code == 404


def test_a_sandbox_calls_nobody():
    with pytest.raises(payments.Forged):
        payments.Sandbox().read(b"{}", None)


@pytest.mark.parametrize(
    "failing",
    [
        (500, {"error": {"type": "api_error", "message": "Sorry"}}),
        (429, {"error": {"type": "invalid_request_error", "message": "Slow down"}}),
        (401, {"error": {"type": "invalid_request_error", "message": "Expired API Key"}}),
        (200, {"id": "cs_test_1", "object": "checkout.session", "url": None}),
    ],
)
def test_stripe_out_of_order_takes_nothing(app, stripe, me, money, failing):
    stripe.failing = failing
    refused = me.post(TOPUPS, {"amountMinor": 5000}, status=503)
    assert "Nothing has been taken" in refused["message"]
    assert money() == (0, 0)


def test_stripe_out_of_reach_and_back_again(app, stripe, me):
    """The same Idempotency-Key finds the row that was made, and the checkout that was not."""
    caller = me.with_headers(Idempotency_Key="k")
    stripe.failing = (503, {"error": {"type": "api_error", "message": "Down"}})
    caller.post(TOPUPS, {"amountMinor": 5000}, status=503)
    stripe.failing = None
    first = caller.post(TOPUPS, {"amountMinor": 5000}, status=201)
    assert caller.post(TOPUPS, {"amountMinor": 5000}, status=201) == first
    with app.app_context():
        [topup] = db.session.scalars(select(Topup))
    assert first["topup"]["id"] == str(topup.id)
    assert list(stripe.sessions) == [topup.reference]


def test_what_a_dispute_is_about_cannot_be_looked_up(app, stripe, paid, money):
    stripe.failing = (500, {"error": {"type": "api_error", "message": "Sorry"}})
    dispute = stripe.dispute(paid)
    assert stripe.tell("charge.dispute.created", dispute) == [503]
    stripe.failing = None
    assert stripe.send(stripe.events[-1]) == 200
    assert money() == (0, 0)


def test_a_crash_before_the_checkout(app, stripe, cast, me):
    """The row stands without a page to pay at: it is asked for again, or the row expires."""
    with app.app_context():
        lost, again = (topups.begin(cast.owner.user, 5000).id for _ in range(2))
    assert me.get(f"{TOPUPS}/{lost}")["topup"]["checkoutUrl"] is None
    with app.app_context():
        assert topups.checkout(cast.owner.user, again, "http://localhost").checkout_url
    paying.advance(app, paying.DAY + 60)
    with app.app_context():
        expired = topups.checkout(cast.owner.user, lost, "http://localhost")
        assert (expired.state, expired.checkout_url) == ("expired", None)
    assert len(stripe.sessions) == 1


def test_a_crash_after_the_checkout(app, stripe, cast, me, money):
    """What is paid at a page that we do not remember is still known by its metadata."""
    session = stripe.sessions[
        me.post(TOPUPS, {"amountMinor": 5000})["topup"]["checkoutUrl"].rpartition("/")[2]
    ]
    with app.app_context():
        db.session.execute(update(Topup).values(reference=None, checkout_url=None))
        db.session.commit()
    stripe.pay(session["id"])
    stripe.tell(COMPLETED, session)
    assert money() == (5000, 0)


def test_two_who_ask_for_the_checkout_at_once_get_the_same(app, cast):
    with app.app_context():
        topup = topups.begin(cast.owner.user, 5000)
        first = topups._keep(cast.owner.user, topup.id, payments.Checkout("a", "http://localhost/a"))
        second = topups._keep(cast.owner.user, topup.id, payments.Checkout("b", "http://localhost/b"))
        assert first.checkout_url == second.checkout_url == "http://localhost/a"


def test_events_are_remembered_with_what_they_did(app, stripe, paid):
    with app.app_context():
        [event] = db.session.scalars(select(ProviderEvent))
    assert (event.provider, event.event_id) == ("stripe", stripe.events[0]["id"])


def test_too_many_top_ups(rate_limits, me):
    for _ in range(30):
        me.post(TOPUPS, {"amountMinor": 100}, status=201)
    me.post(TOPUPS, {"amountMinor": 100}, status=429)


def test_an_expired_one_is_old(app, me):
    made = me.post(TOPUPS, {"amountMinor": 100})["topup"]
    with app.app_context():
        topup = db.session.get_one(Topup, int(made["id"]))
        assert topup.due_at - topup.created_at == timedelta(days=1)


@pytest.mark.parametrize("amount", [99, 1_000_001])
def test_the_bounds_hold_whichever_way_one_comes(app, cast, amount):
    with app.app_context(), pytest.raises(Invalid) as refused:
        topups.begin(cast.owner.user, amount)
    assert refused.value.errors[0]["field"] == "amountMinor"
