from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import BigId, Moment, RowId

_OPEN = text("state = 'open'")
_OF_MESSAGE = text("state = 'open' AND message_id IS NOT NULL")
_OF_PERSON = text("state = 'open' AND message_id IS NULL")


class Report(db.Model):
    """Somebody tells the admins of a person, or of a message of theirs: open, then dismissed or upheld.

    `excerpt` is what admins may read of the conversation: the message and a few before it, as the reporter saw them
    when they reported it. It is emptied once the report is settled.
    """

    __tablename__ = "reports"
    __table_args__ = (
        Index(
            "uq_reports_message",
            "reporter_id",
            "message_id",
            unique=True,
            sqlite_where=_OF_MESSAGE,
            postgresql_where=_OF_MESSAGE,
        ),
        Index(
            "uq_reports_person",
            "reporter_id",
            "user_id",
            unique=True,
            sqlite_where=_OF_PERSON,
            postgresql_where=_OF_PERSON,
        ),
        Index("ix_reports_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_reports_user_id_id", "user_id", "id"),
    )

    id: Mapped[RowId]
    reporter_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"))
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"))
    message_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("messages.id"))
    reason: Mapped[str] = mapped_column(String(12))
    note: Mapped[str | None] = mapped_column(Text)
    excerpt: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[Moment]
    settled_at: Mapped[Moment | None]
