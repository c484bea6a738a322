from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import BigId, Moment


class Membership(db.Model):
    """A person in a conversation, with what is theirs alone: role, read mark, archive, notifications."""

    __tablename__ = "memberships"
    __table_args__ = (
        # All that is asked of each of somebody's, where they have thousands: no row is read for it.
        Index(
            "ix_memberships_own",
            "user_id",
            "conversation_id",
            "archived",
            "read_position",
            "marked_unread",
        ),
        Index("ix_memberships_conversation_id_joined_at", "conversation_id", "joined_at", "user_id"),
        Index("ix_memberships_conversation_id_role", "conversation_id", "role"),
        Index("ix_memberships_conversation_id_read_position", "conversation_id", "read_position"),
        Index(
            "ix_memberships_muted_until",
            "muted_until",
            sqlite_where=text("muted_until IS NOT NULL"),
            postgresql_where=text("muted_until IS NOT NULL"),
        ),
    )

    conversation_id: Mapped[int] = mapped_column(BigId, ForeignKey("conversations.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(8), default="member")
    joined_at: Mapped[Moment]
    read_position: Mapped[int] = mapped_column(BigId, default=0)
    read_message_id: Mapped[int | None] = mapped_column(BigId)
    read_at: Mapped[Moment | None]
    archived: Mapped[bool] = mapped_column(default=False)
    # What notifies: "all", "mentions" or "none".
    notification_level: Mapped[str] = mapped_column(String(8), default="all", server_default="all")
    marked_unread: Mapped[bool] = mapped_column(default=False, server_default=false())
    muted: Mapped[bool] = mapped_column(default=False)
    muted_until: Mapped[Moment | None]
