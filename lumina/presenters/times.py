"""Times as the server writes them: UTC, for `<local-time>` to put into the viewer's zone and words."""

from __future__ import annotations

from datetime import UTC, datetime


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
