"""The one source of time. Tests and `flask clock advance` move now(); tokens and limits keep to real_now()."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_offset: Callable[[], timedelta] = timedelta
_standing: datetime | None = None


def real_now() -> datetime:
    """The machine's time, aware, in UTC, in whole milliseconds (what the wire can tell apart)."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def now() -> datetime:
    """The time that deadlines, windows and expiry see."""
    return _standing or real_now() + _offset()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Within this, now() is `moment`, in the whole process: for a command that tells of the past."""
    global _standing
    before, _standing = _standing, moment
    try:
        yield
    finally:
        _standing = before


def follow(offset: Callable[[], timedelta]) -> None:
    """Ask `offset` at every now(): how far the clock has been moved."""
    global _offset
    _offset = offset
