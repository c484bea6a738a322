from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import BigId, Moment

_DUE = text("due_at IS NOT NULL")


class LinkFetch(db.Model):
    """The link of a message whose preview is to be fetched at `due_at`; without that, it has been dealt with.

    The row stays, so that an edit of other words neither fetches again nor brings back what the sender has removed.
    """

    __tablename__ = "link_fetches"
    __table_args__ = (Index("ix_link_fetches_due_at", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),)

    message_id: Mapped[int] = mapped_column(BigId, ForeignKey("messages.id"), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    due_at: Mapped[Moment | None]
    attempts: Mapped[int] = mapped_column(default=0)
