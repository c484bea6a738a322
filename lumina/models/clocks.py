from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db


class ClockOffset(db.Model):
    """How many seconds `flask clock advance` has moved the time; one row, and none in production."""

    __tablename__ = "clock_offset"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    seconds: Mapped[int]
