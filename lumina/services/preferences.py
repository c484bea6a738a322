"""How somebody wants to be notified, wherever it comes from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from lumina.errors import Invalid
from lumina.extensions import db
from lumina.models import NotificationPreferences, User
from lumina.services.unit_of_work import operation

SOUNDS = ("none", "soft", "bright")
SOUND = "soft"
DAY = 24 * 60


def of(user_id: int) -> NotificationPreferences:
    """Somebody's preferences, or the defaults."""
    return db.session.get(NotificationPreferences, user_id) or defaults(user_id)


def defaults(user_id: int) -> NotificationPreferences:
    """What holds for who has chosen nothing; it belongs to no session."""
    return NotificationPreferences(
        user_id=user_id,
        sound=SOUND,
        hide_content=False,
        quiet_from=None,
        quiet_until=None,
        time_zone=None,
        urgent_in_quiet=True,
        digest=True,
    )


@operation()
def change(actor: User, **given: Any) -> NotificationPreferences:
    """Change what is given of sound ("none", "soft", "bright"), hide_content, quiet_from and quiet_until (minutes of the
    day, both or none), time_zone (of IANA), urgent_in_quiet and digest. Raises Invalid."""
    preferences = of(actor.id)
    for name, value in given.items():
        setattr(preferences, name, value)
    if preferences.sound not in SOUNDS:
        raise Invalid.field("sound", "There is no such sound.")
    _check_quiet_hours(preferences)
    db.session.add(preferences)
    db.session.flush()
    return preferences


def _check_quiet_hours(preferences: NotificationPreferences) -> None:
    begin, end = preferences.quiet_from, preferences.quiet_until
    if (begin is None) != (end is None):
        raise Invalid.field("quietUntil", "Quiet hours have a beginning and an end.")
    if begin is not None and end is not None and not (0 <= begin < DAY and 0 <= end < DAY and begin != end):
        raise Invalid.field("quietFrom", "These are no quiet hours.")
    if preferences.time_zone is not None and preferences.time_zone not in available_timezones():
        raise Invalid.field("timeZone", "There is no such time zone.")


def quiet_until(preferences: NotificationPreferences, now: datetime) -> datetime | None:
    """The end of the quiet hours that hold now, in UTC; None outside of them."""
    begin, end = preferences.quiet_from, preferences.quiet_until
    if begin is None or end is None:
        return None
    local = now.astimezone(ZoneInfo(preferences.time_zone or "UTC"))
    minute = local.hour * 60 + local.minute
    if not (begin <= minute < end if begin < end else minute >= begin or minute < end):
        return None
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    days = 1 if end <= minute else 0
    # Wall-clock arithmetic: the hours end when the clock says so, also where it is put forward or back meanwhile.
    return (midnight + timedelta(days=days, minutes=end)).astimezone(now.tzinfo)
