"""Muting over the API: for oneself, for good or until a time."""

from datetime import timedelta

import pytest

from lumina import clock
from lumina.presenters import wire
from tests.support import life, making
from tests.support.making import CONVERSATIONS


@pytest.fixture
def conversation(api, cast):
    return making.direct(api, cast.owner, cast.member)


@pytest.fixture
def mute(api, cast, conversation):
    """Mutes as the owner: what mutedBy then says of when, "for good", or None where it is not muted."""

    def mute(**body):
        path = f"{CONVERSATIONS}/{conversation['id']}/mute"
        return told(cast.owner, api.as_(cast.owner).post(path, body, status=200)["conversation"])

    return mute


def told(person, conversation):
    if not conversation["mutedBy"]:
        return None
    [entry] = conversation["mutedBy"]
    assert entry["userId"] == person.id
    return entry["mutedUntil"] or "for good"


def test_a_request_without_a_body_toggles(api, cast, conversation):
    for told_of in ("for good", None):
        answer = api.as_(cast.owner).request("POST", f"{CONVERSATIONS}/{conversation['id']}/mute")
        assert answer.status_code == 200
        assert told(cast.owner, answer.get_json()["data"]["conversation"]) == told_of


def at(hours):
    return wire.time(clock.real_now() + timedelta(hours=hours))


def test_it_is_set_as_told(mute):
    assert mute(muted=True) == "for good"
    assert mute(muted=True) == "for good"
    assert mute(muted=False) is None
    assert mute(muted=False) is None
    until = at(1)
    assert mute(muted=True, mutedUntil=until) == until
    assert mute(muted=True, mutedUntil=None) == "for good"
    assert mute(muted=False, mutedUntil=until) is None


def test_without_muted_it_toggles(mute):
    assert mute() == "for good"
    assert mute() is None
    until = at(8)
    assert mute(mutedUntil=until) == until
    assert mute(mutedUntil=until) is None
    assert mute(mutedUntil=None) == "for good"


def test_it_ends_at_its_time(api, cast, conversation, mute, later):
    until = at(1)
    mute(muted=True, mutedUntil=until)
    later(3500)
    assert told(cast.owner, life.read(api, cast.owner, conversation)["conversation"]) == until
    later(200)
    assert told(cast.owner, life.read(api, cast.owner, conversation)["conversation"]) is None
    assert mute() == "for good"


@pytest.mark.parametrize("until", ["2020-01-01T00:00:00Z", "x", "", 7, [], "0001-01-01T00:00:00+14:00"])
def test_a_time_that_is_over_or_none_is_refused(api, cast, conversation, until):
    path = f"{CONVERSATIONS}/{conversation['id']}/mute"
    for body in ({"mutedUntil": until}, {"muted": True, "mutedUntil": until}):
        refused = api.as_(cast.owner).post(path, body, status=400)
        assert [error["field"] for error in refused["errors"]] == ["mutedUntil"]
    assert life.read(api, cast.owner, conversation)["conversation"]["mutedBy"] == []


def test_it_is_nobody_elses_business(api, cast, conversation, mute):
    before = life.read(api, cast.member, conversation)
    mute(muted=True)
    assert life.read(api, cast.member, conversation) == before
    for person in (cast.outsider, cast.admin):
        api.as_(person).post(f"{CONVERSATIONS}/{conversation['id']}/mute", {"muted": True}, status=404)


def test_the_list_shows_it_too(api, cast, mute):
    mute(muted=True)
    [listed] = api.as_(cast.owner).get(CONVERSATIONS)["conversations"]
    assert told(cast.owner, listed) == "for good"
