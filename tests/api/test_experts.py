"""Experts over the API: their price lists, their records, and finding one."""

import pytest

from lumina import clock
from lumina.extensions import db
from lumina.services import experts
from tests.support import making, paying
from tests.support.cast import enrol
from tests.support.paying import HOUR

ME = "/api/experts/me"
DEFAULTS = {
    "conversationPriceMinor": 5000,
    "durationDays": 7,
    "answerHours": 48,
    "messagePricesMinor": {"high": 1000, "urgent": 2000},
    "messageAnswerHours": {"high": 24, "urgent": 4},
    "maxUnanswered": 10,
    "open": True,
    "full": False,
}


@pytest.fixture
def put(api, cast):
    """Changes the member's own price list: the expert, or the refusal."""

    def put(body, status=200):
        answer = api.as_(cast.member).put(ME, body, status=status)
        return answer["expert"] if status == 200 else answer

    return put


@pytest.fixture
def find(api, cast):
    """Searches as the owner: full names, in order."""

    def find(query=None, **more):
        found = api.as_(cast.owner).get("/api/experts", **({"query": query} if query else {}), **more)
        return [f"{one['user']['firstName']} {one['user']['lastName']}" for one in found["experts"]]

    return find


def test_the_first_time_makes_one_an_expert_with_the_deployment_s_defaults(api, cast, put, find):
    assert find() == []
    api.as_(cast.owner).get(f"/api/experts/{cast.member.id}", status=404)
    made = put({})
    assert made["offer"] == DEFAULTS
    assert made["record"] == {"answered": 0, "refunded": 0, "medianAnswerSeconds": None}
    assert (made["headline"], made["bio"]) == (None, None)
    assert find() == ["Tomasz Novak"]
    assert api.as_(cast.owner).get(f"/api/experts/{cast.member.id}")["expert"]["offer"] == DEFAULTS


@pytest.mark.parametrize(("cost", "message"), [(80, 25), (0, 0)])
def test_the_defaults_come_from_the_environment(put, app, cost, message, monkeypatch):
    config = app.config["LUMINA"]
    changed = type(config).from_env(
        {"PRIORITY_CONVERSATION_COST": str(cost), "PRIORITY_MESSAGE_COST": str(message)}
    )
    monkeypatch.setattr(experts, "_defaults", {})
    experts.configure(changed)
    offer = put({})["offer"]
    # What is for sale has a price.
    assert offer["conversationPriceMinor"] == max(cost * 100, 1)
    assert offer["messagePricesMinor"] == {"high": max(message * 100, 1), "urgent": max(message * 200, 2)}


def test_what_is_given_changes_and_the_rest_stays(put):
    put({"headline": "Contract lawyer", "bio": "Leases", "offer": {"conversationPriceMinor": 12_000}})
    changed = put({"offer": {"messagePricesMinor": {"high": 2500}, "answerHours": 24}})
    assert (changed["headline"], changed["bio"]) == ("Contract lawyer", "Leases")
    expected = {"conversationPriceMinor": 12_000, "answerHours": 24}
    assert changed["offer"] == DEFAULTS | expected | {"messagePricesMinor": {"high": 2500, "urgent": 2000}}
    assert put({"bio": None, "headline": ""})["bio"] is None
    assert put({})["headline"] is None
    assert put({"offer": {"open": False}})["offer"]["open"] is False


def test_the_headline_is_the_profile_s_own(api, cast, put):
    put({"headline": "Contract lawyer"})
    assert api.as_(cast.owner).get(f"/api/users/{cast.member.id}")["user"]["headline"] == "Contract lawyer"


NUMBERS = {
    "conversationPriceMinor": (1, 100_000_000),
    "durationDays": (1, 365),
    "answerHours": (1, 720),
    "maxUnanswered": (1, 1000),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_the_bounds_of_an_offer(put, name):
    least, most = NUMBERS[name]
    for held in (least, most):
        assert put({"offer": {name: held}})["offer"][name] == held
    for refused in (least - 1, most + 1, -1, "50", 1.5, True):
        assert put({"offer": {name: refused}}, 400)["errors"][0]["field"] == f"offer.{name}"


@pytest.mark.parametrize("part", ["messagePricesMinor", "messageAnswerHours"])
@pytest.mark.parametrize("level", ["high", "urgent"])
def test_the_bounds_of_what_messages_cost(put, part, level):
    assert put({"offer": {part: {level: 1}}})["offer"][part][level] == 1
    assert put({"offer": {part: {level: 0}}}, 400)["errors"][0]["field"] == f"offer.{part}.{level}"


@pytest.mark.parametrize("body", [{"headline": "x" * 121}, {"bio": "x" * 2001}, {"bio": 5}, {"offer": 5}, []])
def test_what_is_no_price_list_changes_nothing(put, find, body):
    put(body, 400)
    assert find() == []


def test_closed_stays_findable_and_takes_nothing(app, api, cast, put, find):
    put({"offer": {"open": False}})
    assert find() == ["Tomasz Novak"]
    paying.credit(app, cast.owner, 5000)
    assert paying.ask(api, cast.owner, cast.member, status=409)["code"] == "offer_closed"


def crew(api, cast):
    """Three experts: one who is closed stands first by name."""
    for person, headline, bio, is_open in (
        (cast.admin, "Tax adviser", "VAT and payroll for cafés", True),
        (cast.member, "Contract lawyer", "100% leases", True),
        (cast.outsider, "Physician", "Internal medicine", False),
    ):
        body = {"headline": headline, "bio": bio, "offer": {"open": is_open}}
        api.as_(person).put(ME, body)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Tomasz Novak", "Vera Lindqvist", "Ines Okafor"]),
        ("LAWYER", ["Tomasz Novak"]),
        ("payroll tax", ["Vera Lindqvist"]),
        ("vera cafés", ["Vera Lindqvist"]),
        ("okafor", ["Ines Okafor"]),
        ("tax lawyer", []),
        ("%", ["Tomasz Novak"]),
        ("_", []),
        ("vera.lindqvist@example.org", []),
    ],
)
def test_search(api, cast, find, query, names):
    crew(api, cast)
    assert find(query) == names


def test_pages_follow_each_other(app, api, cast, find):
    crew(api, cast)
    making.offers(app, making.crowd(app, 7, "Able"), cast.owner)
    everybody, cursor, seen = find(), None, []
    for _ in range(4):
        page = api.as_(cast.owner).get("/api/experts", limit=3, **({"cursor": cursor} if cursor else {}))
        seen += [f"{one['user']['firstName']} {one['user']['lastName']}" for one in page["experts"]]
        cursor = page["nextCursor"]
    assert cursor is None
    assert seen == everybody
    assert len(seen) == 10
    assert seen[-1] == "Ines Okafor"


@pytest.mark.parametrize(
    "query", [{"cursor": "nonsense"}, {"limit": 0}, {"limit": 101}, {"query": "x" * 201}]
)
def test_a_query_that_is_none(api, cast, query):
    api.as_(cast.owner).get("/api/experts", status=400, **query)


def test_everybody_sees_the_offer_and_nobody_the_address(api, cast, put):
    put({"headline": "Lawyer"})
    for path in ("/api/experts", f"/api/experts/{cast.member.id}"):
        assert "@" not in api.as_(cast.outsider).request("GET", path).get_data(as_text=True)
        assert api.request("GET", path).status_code == 401
    for missing in (cast.outsider.id, "987654321", "x", "me"):
        api.as_(cast.owner).get(f"/api/experts/{missing}", status=404)


@pytest.mark.parametrize("column", ["suspended_at", "closed_at"])
def test_who_is_gone_is_not_found(app, api, cast, put, find, column):
    put({})
    with app.app_context():
        setattr(cast.member.user, column, clock.now())
        db.session.commit()
    assert find() == []
    api.as_(cast.owner).get(f"/api/experts/{cast.member.id}", status=404)


def bring_about(app, api, expert, client, outcome):
    """One purchase with this end: the seconds until its answer, or why it is refunded."""
    paying.credit(app, client, 5000)
    bought = paying.ask(api, client, expert)
    if outcome == "declined":
        paying.take(api, expert, bought["escrow"], "decline")
    elif outcome == "cancelled":
        paying.take(api, client, bought["escrow"], "cancel")
    elif outcome == "expired":
        paying.advance(app, 48 * HOUR + 1)
    else:
        paying.advance(app, outcome)
        paying.say(api, expert, bought, "Yes")


@pytest.mark.parametrize(
    ("outcomes", "answered", "refunded", "median"),
    [
        ((600,), 1, 0, 600),
        ((6000, 60), 2, 0, 3030),
        ((9000, 60, 600), 3, 0, 600),
        ((60, 90_000, 600, 1000), 4, 0, 800),
        ((600, "declined", "cancelled", "expired"), 1, 2, 600),
        (("cancelled",), 0, 0, None),
    ],
)
def test_the_record_is_computed(app, api, cast, put, outcomes, answered, refunded, median):
    put({})
    with app.app_context():
        clients = [enrol("Client", letter * 2) for letter in "abcd"]
    for client, outcome in zip(clients, outcomes, strict=False):
        bring_about(app, api, cast.member, client, outcome)
    found = api.as_(cast.outsider).get(f"/api/experts/{cast.member.id}")["expert"]["record"]
    assert (found["answered"], found["refunded"]) == (answered, refunded)
    if median is None:
        assert found["medianAnswerSeconds"] is None
    else:
        # Real time passes besides.
        assert 0 <= found["medianAnswerSeconds"] - median < 20


def test_messages_are_not_part_of_the_record(app, api, cast, put):
    put({})
    paying.credit(app, cast.owner, 20_000)
    asked = paying.ask(api, cast.owner, cast.member)
    paying.urgent(api, cast.owner, asked, "By five!")
    paying.advance(app, HOUR)
    paying.say(api, cast.member, asked, "Sign it.")
    found = api.as_(cast.owner).get(f"/api/experts/{cast.member.id}")["expert"]
    assert found["record"]["answered"] == 1
    assert HOUR <= found["record"]["medianAnswerSeconds"] < HOUR + 60
