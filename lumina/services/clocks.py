"""Moving the time that deadlines see, on this database, for trials (LUMINA_TEST_CLOCK=1)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lumina.errors import Invalid
from lumina.extensions import db
from lumina.models import ClockOffset
from lumina.services.unit_of_work import operation


def offset() -> timedelta:
    """How far the time has been moved: read anew each time, since another process may have done it."""
    return timedelta(seconds=db.session.scalar(select(ClockOffset.seconds)) or 0)


@operation()
def advance(actor: None, seconds: int) -> timedelta:
    """Move the time forward, in every process on this database; how far it is moved in all."""
    if seconds < 0:
        raise Invalid("Time only goes forward.")
    moved = db.session.get(ClockOffset, 1)
    if moved is None:
        moved = ClockOffset(id=1, seconds=0)
        db.session.add(moved)
    moved.seconds += seconds
    return timedelta(seconds=moved.seconds)
