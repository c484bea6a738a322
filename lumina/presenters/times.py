"""Times as the server writes them: UTC, for `<local-time>` to put into the viewer's zone and words."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lumina.presenters.texts import t


def iso(moment: datetime | str) -> str:
    """As on the wire: `2026-11-22T09:30:00.123Z`; what is so already stays."""
    if isinstance(moment, str):
        return moment
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def clock(moment: str) -> str:
    """`09:30` of `2026-11-22T09:30:00.123Z`."""
    return moment[11:16]


def day(moment: datetime | str) -> str:
    """`22 Nov 2026`."""
    parsed = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{parsed.day} {parsed:%b %Y}"


def day_and_clock(moment: datetime | str) -> str:
    """`22 Nov, 09:30`."""
    parsed = datetime.fromisoformat(moment) if isinstance(moment, str) else moment.astimezone(UTC)
    return f"{parsed.day} {parsed:%b, %H:%M}"


def span(seconds: int) -> str:
    """Its two largest units: "3 h 12 min", "5 d 19 h", "under a minute" as "1 min"."""
    minutes = max(seconds // 60, 1)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = {"days": days, "hours": hours, "minutes": minutes if not days else 0}
    return " ".join(t(f"span.{unit}", **{unit: count}) for unit, count in parts.items() if count)


def about(seconds: int) -> str:
    """Roughly: "5 min", "9 h", "3 d"."""
    if seconds < 3600:
        return t("span.minutes", minutes=max(round(seconds / 60), 1))
    if seconds < 2 * 86_400:
        return t("span.hours", hours=round(seconds / 3600))
    return t("span.days", days=round(seconds / 86_400))


def place(zone: str) -> str:
    """What people call a time zone: "Toronto" of America/Toronto."""
    return zone.rpartition("/")[2].replace("_", " ")


def later(moment: datetime, seconds: int) -> datetime:
    """So long after it."""
    return moment + timedelta(seconds=seconds)


def there(moment: datetime, zone: str) -> str:
    """`Sat 21 Nov, 14:24` where that is the zone."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b, %H:%M}"


def clock_there(moment: datetime, zone: str) -> str:
    """`14:24` likewise."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def minutes(text: str) -> int:
    """`22:30` as minutes of the day. Raises ValueError."""
    moment = time.fromisoformat(text)
    return moment.hour * 60 + moment.minute


def minutes_as_clock(minutes: int | None) -> str:
    """The other way round, for a field."""
    return "" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"
