"""The wallet by the API: payouts, and the statement as a file."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from lumina import clock
from lumina.presenters import statements
from lumina.services import wallets
from tests.support import paying

CSV = "/api/wallet/statement.csv"
PAYOUTS = "/api/wallet/payouts"


@pytest.fixture
def me(app, api, cast):
    """The owner, with 50."""
    paying.credit(app, cast.owner, 5000)
    return api.as_(cast.owner)


def read(caller, **query):
    """The statement's rows, the head first."""
    answer = caller.request("GET", CSV, query_string=query)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.reader(StringIO(answer.get_data(as_text=True))))


def test_a_payout_is_asked_for_and_listed(app, me):
    payout = me.post(PAYOUTS, {"amountMinor": 2000}, status=201)["payout"]
    assert (payout["state"], payout["amountMinor"], payout["settledAt"]) == ("requested", 2000, None)
    assert me.get(PAYOUTS)["payouts"] == [payout]
    wallet = me.get("/api/wallet")["wallet"]
    assert (wallet["availableMinor"], wallet["payoutsMinor"]) == (3000, 2000)
    paying.require_true_ledger(app)


def test_a_payout_that_is_asked_for_twice_is_one(me):
    caller = me.with_headers(Idempotency_Key="k")
    first = caller.post(PAYOUTS, {"amountMinor": 2000}, status=201)
    assert caller.post(PAYOUTS, {"amountMinor": 2000}, status=201) == first
    assert len(me.get(PAYOUTS)["payouts"]) == 1


def test_refusals_of_payouts(me):
    assert me.post(PAYOUTS, {"amountMinor": 5001}, status=402)["code"] == "insufficient_balance"
    for amount in (0, -1, "5", 1.5, 10**9):
        me.post(PAYOUTS, {"amountMinor": amount}, status=400)
    assert me.get(PAYOUTS)["payouts"] == []


def test_the_statement_as_a_file(api, cast, me):
    paying.offer(api, cast.member)
    asked = paying.ask(api, cast.owner, cast.member)
    head, held, credited = read(me)
    assert head == ["date", "kind", "description", "amount", "balance", "currency", "escrow"]
    assert held[1:] == [
        "hold",
        f"Asked {cast.member.name}",
        "-50.00",
        "0.00",
        "USD",
        asked["escrow"]["id"],
    ]
    assert credited[1:] == ["adjustment", "Adjustment by an admin", "50.00", "50.00", "USD", ""]
    booked = datetime.strptime(held[0], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    assert abs(clock.real_now() - booked) < timedelta(minutes=1)
    assert read(me, account="held")[1][3:5] == ["50.00", "50.00"]


def test_a_period(me):
    today = f"{clock.real_now():%Y-%m-%d}"
    tomorrow, yesterday = (f"{clock.real_now() + timedelta(days=days):%Y-%m-%d}" for days in (1, -1))
    for period, lines in (
        ({"from": "", "to": ""}, 1),
        ({"from": today, "to": today}, 1),
        ({"from": tomorrow}, 0),
        ({"to": yesterday}, 0),
        ({"from": f"{yesterday}T00:00:00Z", "to": f"{today}T00:00:00Z"}, 0),
    ):
        assert len(read(me, **period)) == 1 + lines, period


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "2026-1-1xx", "9999-12-31"])
def test_no_day(me, day):
    refused = me.get(CSV, to=day, status=400)
    assert refused["code"] == "invalid"


def test_many_lines_are_read_page_by_page(app, me, cast, monkeypatch):
    monkeypatch.setattr(wallets, "AT_ONCE", 2)
    for amount in (1, 2, 3, 4):
        paying.credit(app, cast.owner, amount)
    assert [row[3] for row in read(me)[1:]] == ["0.04", "0.03", "0.02", "0.01", "50.00"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_nothing_runs_as_a_formula(name):
    assert statements._defused(name) == f"'{name}"
    assert statements._defused(f"Held, {name}") == f"Held, {name}"


def test_names_with_commas_and_quotes_stay_in_their_cell(app, api, cast, me):
    name = '=HYPERLINK("https://x.example", "y")'
    api.as_(cast.member).patch("/api/users/me", {"firstName": name})
    paying.offer(api, cast.member)
    paying.ask(api, cast.owner, cast.member)
    assert read(me)[1][2] == f"Asked {name} {cast.member.last_name}"
