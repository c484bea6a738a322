"""Turns the demo's days and times into moments before now, in the machine's time zone.

- `week 5 Tue`: the Tuesday of the fifth week before this one, so that week 1 is last week
- `2 workdays ago`: never before Thursday of last week
- `today`: its times, as -1:20, are dated back from now, and squeezed into a day that is young
- `lately`: likewise, but without regard to days: -46:20 is that many hours and minutes ago
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EARLIEST = time(6)
# Today's times reach back so far at most; while the day is younger they are squeezed into it.
LONGEST = timedelta(hours=7)
SHORTEST = timedelta(hours=1)


def moment(day: str, at: str, seconds: timedelta, now: datetime) -> datetime:
    """When it is `at` on `day` and some seconds, in UTC and never in the future."""
    hours, minutes = map(int, at.removeprefix("-").split(":"))
    span = timedelta(hours=hours, minutes=minutes)
    if day == "lately":
        return now - span + seconds
    if day == "today":
        return now - (span - seconds) * min(1, _so_far(now) / LONGEST)
    midnight = datetime.combine(date_of(day, now.astimezone().date()), time())
    return (midnight + span + seconds).astimezone(UTC)


def _so_far(now: datetime) -> timedelta:
    """How long today has lasted: since the early morning, or since midnight while that is hardly over."""
    local = now.astimezone()
    since = local - local.replace(hour=EARLIEST.hour, minute=0, second=0, microsecond=0)
    return since if since >= SHORTEST else local - local.replace(hour=0, minute=0, second=0, microsecond=0)


def date_of(day: str, today: date) -> date:
    """The date of a heading. Raises ValueError for one that is none."""
    if match := re.fullmatch(r"week ([1-9]) ([A-Z][a-z]{2})", day):
        monday = today - timedelta(days=today.weekday(), weeks=int(match[1]))
        return monday + timedelta(days=WEEKDAYS.index(match[2]))
    if match := re.fullmatch(r"(\d) workdays? ago", day):
        return workdays(today, -int(match[1]))
    if day == "today":
        return today
    raise ValueError(f"not a day: {day!r}")


def workdays(day: date, count: int) -> date:
    """The date so many workdays after `day`, or before it."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while day.weekday() >= WEEKDAYS.index("Sat"):
            day += step
    return day


def dated(text: str, day: date) -> str:
    """`text` with each {in 3 workdays} replaced by the date that it is from `day`."""

    def replace(match: re.Match[str]) -> str:
        then = workdays(day, int(match[1]))
        return f"{then.day} {then:%B}"

    return re.sub(r"\{in (\d+) workdays?\}", replace, text)
