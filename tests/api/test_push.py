"""Push subscriptions and preferences over the API."""

import pytest

from lumina.extensions import db
from lumina.models import PushSubscription
from lumina.services import push_subscriptions
from tests.support.push_service import KEYS

PATH, MINE = "/api/push/subscriptions", "/api/users/me/notifications"


@pytest.fixture
def owners(app):
    """Whose the subscriptions are, by endpoint."""

    def owners():
        with app.app_context():
            rows = db.session.scalars(db.select(PushSubscription).order_by(PushSubscription.id))
            return {row.endpoint: str(row.user_id) for row in rows}

    return owners


def subscribe(api, person, name="1", status=201, **changes):
    body = {"endpoint": f"https://push.example/{name}", "keys": KEYS} | changes
    return api.as_(person).post(PATH, body, status=status)


def test_it_belongs_to_whoever_came_last(api, cast, owners):
    subscribe(api, cast.owner)
    subscribe(api, cast.member)
    subscribe(api, cast.member)
    assert owners() == {"https://push.example/1": cast.member.id}


def test_removing_one_s_own(api, cast, owners):
    subscribe(api, cast.owner)
    for person, left in ((cast.member, 1), (cast.owner, 0), (cast.owner, 0)):
        api.as_(person).request("DELETE", PATH, json={"endpoint": "https://push.example/1"})
        assert len(owners()) == left


def test_signing_out_ends_it(api, cast, owners):
    subscribe(api, cast.owner)
    subscribe(api, cast.member, "2")
    api.as_(cast.owner).post("/api/auth/logout")
    assert owners() == {"https://push.example/2": cast.member.id}


def test_of_too_many_the_oldest_go(api, cast, owners, monkeypatch):
    monkeypatch.setattr(push_subscriptions, "MOST", 3)
    for number in range(5):
        subscribe(api, cast.owner, str(number))
    assert list(owners()) == [f"https://push.example/{number}" for number in (2, 3, 4)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": ""},
        {"endpoint": "http://push.example/1"},
        {"endpoint": "https://" + "x" * 1000},
        {"endpoint": None},
        {"keys": {}},
        {"keys": KEYS | {"auth": "short"}},
        {"keys": KEYS | {"auth": "é" * 22}},
        {"keys": KEYS | {"p256dh": "A" * 87}},
        {"keys": KEYS | {"p256dh": ""}},
    ],
)
def test_what_is_no_subscription(api, cast, owners, wrong):
    subscribe(api, cast.owner, status=400, **wrong)
    assert owners() == {}


def test_the_key_is_the_one_that_signs(api, cast):
    key = api.as_(cast.owner).get("/api/push/key")["key"]
    assert push_subscriptions.decoded(key)[0] == 4


def test_preferences(api, cast):
    fresh = api.as_(cast.owner).get(MINE)["preferences"]
    assert fresh == {
        "sound": "soft",
        "hideContent": False,
        "quietFrom": None,
        "quietUntil": None,
        "timeZone": None,
        "urgentInQuiet": True,
        "digest": True,
    }
    hours = {"quietFrom": 1320, "quietUntil": 420, "timeZone": "Europe/Lisbon"}
    assert api.as_(cast.owner).patch(MINE, hours)["preferences"] == fresh | hours
    gone = {"quietFrom": None, "quietUntil": None}
    assert api.as_(cast.owner).patch(MINE, gone)["preferences"] == fresh | {"timeZone": "Europe/Lisbon"}
    assert api.as_(cast.member).get(MINE)["preferences"] == fresh
    for wrong in (
        {"sound": "x"},
        {"quietFrom": 5},
        {"quietFrom": 1440},
        {"timeZone": "Nowhere"},
        {"digest": 7},
    ):
        api.as_(cast.owner).patch(MINE, wrong, status=400)


def test_nothing_is_removed_that_cannot_be_kept(api, cast):
    assert api.as_(cast.owner).delete(PATH, {"endpoint": "\x00"}, status=400)["code"] == "invalid"
