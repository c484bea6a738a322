"""What admins do through the API, and that nobody else does."""

import pytest

from lumina.services import payouts
from tests.support import administering, making, paying
from tests.support.paying import DAY, HOUR

ROUTES = [
    ("GET", "/api/admin/escrows", None),
    ("GET", "/api/admin/payouts", None),
    ("POST", "/api/admin/payouts/{payout}", {"paid": True}),
    ("POST", "/api/admin/users/{owner}/payouts", {"amountMinor": 100}),
    ("POST", "/api/admin/users/{owner}/adjust", {"amountMinor": 100, "note": "A gift"}),
    ("GET", "/api/admin/audit", None),
]


@pytest.fixture(autouse=True)
def true_ledger(app):
    yield
    paying.require_true_ledger(app)


@pytest.fixture
def promoted(app, cast):
    administering.promote(app, cast.admin)


@pytest.fixture
def client(app, cast):
    paying.credit(app, cast.owner, 20_000)
    return cast.owner


@pytest.fixture
def expert(api, cast):
    paying.offer(api, cast.member)
    return cast.member


@pytest.fixture
def admin(api, cast):
    return api.as_(cast.admin)


@pytest.fixture
def payout(api, client, ask_payout):
    return ask_payout(client, 5000)


@pytest.fixture
def ask_payout(app):
    def ask(person, amount_minor):
        with app.app_context():
            return str(payouts.ask(person.user, amount_minor).id)

    return ask


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_nobody_else_administers(app, api, cast, client, payout, method, path, body):
    filled = path.format(payout=payout, owner=client.id)
    before = making.everything(app)
    for person in (cast.owner, cast.member, cast.outsider):
        answer = api.as_(person).request(method, filled, json=body)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "not_an_admin")
    assert api.request(method, filled, json=body).status_code == 401
    assert making.everything(app) == before


def test_disputes_are_listed_the_oldest_first(app, api, cast, client, expert, admin):
    paying.credit(app, cast.outsider, 20_000)
    first, second = (paying.ask(api, person, expert) for person in (client, cast.outsider))
    paying.offer(api, cast.admin)
    held = paying.ask(api, client, cast.admin)
    administering.dispute(api, cast.outsider, expert, second)
    paying.advance(app, HOUR)
    administering.dispute(api, client, expert, first)
    ids = [one["escrow"]["id"] for one in (second, first)]
    found = admin.get("/api/admin/escrows", state="disputed")
    assert ([one["id"] for one in found["escrows"]], found["nextCursor"]) == (ids, None)
    assert found["escrows"][0]["disputeReason"] == "No answer"
    page = admin.get("/api/admin/escrows", state="disputed", limit=1)
    assert [one["id"] for one in page["escrows"]] == ids[:1]
    rest = admin.get("/api/admin/escrows", state="disputed", limit=1, cursor=page["nextCursor"])
    assert ([one["id"] for one in rest["escrows"]], rest["nextCursor"]) == (ids[1:], None)
    everything = [held["escrow"]["id"], *ids]
    page = admin.get("/api/admin/escrows", limit=2)
    rest = admin.get("/api/admin/escrows", limit=2, cursor=page["nextCursor"])
    assert [one["id"] for one in page["escrows"] + rest["escrows"]] == everything
    assert admin.get("/api/admin/escrows", state="released")["escrows"] == []
    assert admin.get("/api/admin/escrows", status=400, state="lost")["code"] == "invalid"
    for cursor, state in (("x", None), (page["nextCursor"], "disputed")):
        query = {"cursor": cursor} | ({"state": state} if state else {})
        assert admin.get("/api/admin/escrows", status=400, **query)["code"] == "invalid"


def test_a_decision_is_noted_with_what_it_was(api, cast, client, expert, admin):
    asked = paying.ask(api, client, expert)
    administering.dispute(api, client, expert, asked)
    decision = {"outcome": "split", "expertMinor": 2000, "note": "Half an answer"}
    paying.take(api, cast.admin, asked["escrow"], "resolve", decision)
    entry = administering.log(api, cast.admin)[0]
    assert (entry["act"], entry["actor"]["id"]) == ("dispute_resolved", cast.admin.id)
    assert [person["id"] for person in entry["concerned"]] == [client.id, expert.id]
    assert entry["details"] == {
        "outcome": "split",
        "amountMinor": 5000,
        "expertMinor": 2000,
        "note": "Half an answer",
        "isParty": False,
    }
    # What is refused is no act.
    count = len(administering.log(api, cast.admin))
    paying.take(api, cast.admin, asked["escrow"], "resolve", decision, status=409)
    assert len(administering.log(api, cast.admin)) == count


def test_who_decides_about_themselves_is_noted_as_such(app, api, cast, expert):
    paying.credit(app, cast.admin, 5000)
    asked = paying.ask(api, cast.admin, expert)
    administering.dispute(api, cast.admin, expert, asked)
    paying.take(api, cast.admin, asked["escrow"], "resolve", {"outcome": "refund"})
    assert administering.log(api, cast.admin)[0]["details"]["isParty"] is True


def test_payouts_are_listed_and_settled(api, cast, client, admin, ask_payout):
    first, second = ask_payout(client, 5000), ask_payout(client, 700)
    found = admin.get("/api/admin/payouts")["payouts"]
    assert [(one["id"], one["amountMinor"], one["state"]) for one in found] == [
        (first, 5000, "requested"),
        (second, 700, "requested"),
    ]
    assert found[0]["user"]["id"] == found[0]["userId"] == client.id
    paid = admin.post(f"/api/admin/payouts/{first}", {"paid": True})["payout"]
    assert (paid["state"], paid["settledAt"] is not None) == ("paid", True)
    back = admin.post(f"/api/admin/payouts/{second}", {"paid": False})["payout"]
    assert back["state"] == "returned"
    assert paying.balances(api, client) == (15_000, 0, 0)
    assert admin.get("/api/admin/payouts")["payouts"] == []
    refused = admin.post(f"/api/admin/payouts/{first}", {"paid": False}, status=409)
    assert refused["code"] == "wrong_state"
    assert admin.post("/api/admin/payouts/987654321", {"paid": True}, status=404)["code"] == "not_found"
    assert admin.post(f"/api/admin/payouts/{first}", {"paid": "no"}, status=400)["code"] == "invalid"
    assert administering.acts(api, cast.admin, userId=client.id)[-2:] == ["payout_paid", "payout_returned"]


def test_a_payout_for_somebody_who_cannot_ask(api, cast, client, admin):
    admin.post(f"/api/admin/users/{client.id}/suspend", {"suspended": True, "reason": "Spam"})
    asked = admin.post(f"/api/admin/users/{client.id}/payouts", {"amountMinor": 20_000}, status=201)
    assert (asked["payout"]["state"], asked["payout"]["userId"]) == ("requested", client.id)
    more = admin.post(f"/api/admin/users/{client.id}/payouts", {"amountMinor": 1}, status=402)
    assert more["code"] == "insufficient_balance"
    assert administering.acts(api, cast.admin, userId=client.id) == [
        "adjustment",
        "user_suspended",
        "payout_asked",
    ]


def test_a_wallet_is_adjusted_up_and_down(api, cast, client, admin):
    path = f"/api/admin/users/{client.id}/adjust"
    wallet = admin.post(path, {"amountMinor": 1250, "note": "Your voucher"})["wallet"]
    assert wallet["availableMinor"] == 21_250
    admin.post(path, {"amountMinor": -21_250, "note": "All of it"})
    assert paying.balances(api, client) == (0, 0, 0)
    assert admin.post(path, {"amountMinor": -1, "note": "More"}, status=402)["code"] == "insufficient_balance"
    [taken, given, *_] = administering.log(api, cast.admin, userId=client.id)
    assert given["details"] == {"amountMinor": 1250, "note": "Your voucher"}
    assert (taken["act"], taken["subject"]) == ("adjustment", f"user:{client.id}")
    assert taken["concerned"][0]["firstName"] == client.first_name


@pytest.mark.parametrize(
    "body",
    [
        {"amountMinor": 0, "note": "x"},
        {"amountMinor": 1.5, "note": "x"},
        {"amountMinor": "100", "note": "x"},
        {"amountMinor": 2**60, "note": "x"},
        {"amountMinor": 100_000_001, "note": "x"},
        {"amountMinor": 100, "note": ""},
        {"amountMinor": 100, "note": "  "},
        {"amountMinor": 100, "note": "x" * 501},
        {"amountMinor": 100, "note": "\x00"},
        {"amountMinor": 100},
        {"note": "x"},
    ],
)
def test_no_adjustment(api, client, admin, body):
    refused = admin.post(f"/api/admin/users/{client.id}/adjust", body, status=400)
    assert (refused["code"], len(refused["errors"])) == ("invalid", 1)
    assert paying.balances(api, client) == (20_000, 0, 0)


def test_nobody_is_adjusted_who_is_not_there(admin):
    for wrong in ("987654321", "x"):
        refused = admin.post(f"/api/admin/users/{wrong}/adjust", {"amountMinor": 1, "note": "x"}, status=404)
        assert refused["code"] == "not_found"


def test_the_same_key_adjusts_once(api, client, admin):
    path, body = f"/api/admin/users/{client.id}/adjust", {"amountMinor": 1250, "note": "Your voucher"}
    for _ in range(2):
        admin.with_headers(Idempotency_Key="one").post(path, body)
    assert paying.balances(api, client) == (21_250, 0, 0)


def test_the_log_is_read_in_pages_and_by_person(app, api, cast, promoted, client, expert, admin):
    asked = paying.ask(api, client, expert)
    administering.dispute(api, client, expert, asked)
    administering.evidence(api, cast.admin, asked["escrow"])
    paying.take(api, cast.admin, asked["escrow"], "resolve", {"outcome": "release"})
    everything = administering.log(api, cast.admin)
    assert [entry["act"] for entry in everything] == [
        "dispute_resolved",
        "history_seen",
        "adjustment",
        "promoted",
    ]
    assert everything[2]["actor"] is None
    page = admin.get("/api/admin/audit", limit=3)
    rest = admin.get("/api/admin/audit", limit=3, cursor=page["nextCursor"])
    assert page["entries"] + rest["entries"] == everything
    assert rest["nextCursor"] is None
    assert administering.acts(api, cast.admin, userId=expert.id) == ["history_seen", "dispute_resolved"]
    assert administering.acts(api, cast.admin, userId=client.id) == [
        "adjustment",
        "history_seen",
        "dispute_resolved",
    ]
    assert administering.acts(api, cast.admin, userId=cast.admin.id) == [
        "promoted",
        "history_seen",
        "dispute_resolved",
    ]
    assert administering.acts(api, cast.admin, userId=cast.outsider.id) == []
    assert admin.get("/api/admin/audit", status=404, userId="x")["code"] == "not_found"
    assert admin.get("/api/admin/audit", status=400, cursor="x")["code"] == "invalid"


def test_it_stays_while_time_goes_on(app, api, cast, promoted, admin):
    paying.advance(app, 400 * DAY)
    assert administering.acts(api, cast.admin) == ["promoted"]
