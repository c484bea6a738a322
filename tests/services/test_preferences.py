"""How somebody wants to be notified; quiet hours in their own zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from lumina.errors import Invalid
from lumina.services import preferences


def wishes(begin, end, zone=None):
    found = preferences.defaults(1)
    found.quiet_from, found.quiet_until, found.time_zone = begin, end, zone
    return found


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-24T21:59", None),
        ("2026-11-24T22:00", "2026-11-25T07:00"),
        ("2026-11-25T06:59", "2026-11-25T07:00"),
        ("2026-11-25T07:00", None),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/St_Johns"])
def test_over_midnight(now, end, zone):
    assert preferences.quiet_until(wishes(22 * 60, 7 * 60, zone), at(now, zone)) == (end and at(end, zone))


def test_within_a_day():
    lunch = wishes(12 * 60, 13 * 60 + 30)
    assert preferences.quiet_until(lunch, at("2026-11-24T12:15")) == at("2026-11-24T13:30")
    assert preferences.quiet_until(lunch, at("2026-11-24T13:30")) is None


def test_when_the_clock_is_put_back():
    night = wishes(22 * 60, 7 * 60, "Europe/Berlin")
    before = at("2026-10-24T23:00", "Europe/Berlin")
    assert preferences.quiet_until(night, before) == at("2026-10-25T07:00", "Europe/Berlin")


def test_without_quiet_hours():
    assert preferences.quiet_until(wishes(None, None), at("2026-11-24T03:00")) is None


def test_what_is_chosen_stays(inside, cast):
    preferences.change(
        cast.owner.user, sound="bright", quiet_from=60, quiet_until=120, time_zone="Asia/Tokyo"
    )
    preferences.change(cast.owner.user, digest=False)
    found = preferences.of(int(cast.owner.id))
    assert (found.sound, found.quiet_from, found.time_zone, found.digest) == (
        "bright",
        60,
        "Asia/Tokyo",
        False,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"sound": "loud"},
        {"quiet_from": 60},
        {"quiet_until": 60},
        {"quiet_from": 60, "quiet_until": 60},
        {"quiet_from": -1, "quiet_until": 60},
        {"quiet_from": 1, "quiet_until": 1440},
        {"time_zone": "Atlantis/Capital"},
    ],
)
def test_what_cannot_be(inside, cast, wrong):
    with pytest.raises(Invalid):
        preferences.change(cast.owner.user, **wrong)
    assert preferences.of(int(cast.owner.id)).sound == "soft"
