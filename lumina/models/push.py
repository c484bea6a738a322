from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, text, true
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import BigId, Moment, RowId

_DUE = text("due_at IS NOT NULL")


class NotificationPreferences(db.Model):
    """How somebody wants to be notified; without a row, by the defaults."""

    __tablename__ = "notification_preferences"

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"), primary_key=True, autoincrement=False)
    sound: Mapped[str] = mapped_column(String(8), default="soft")
    hide_content: Mapped[bool] = mapped_column(default=False)
    # Minutes of the day, in `time_zone`; both or none.
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    time_zone: Mapped[str | None] = mapped_column(String(64))
    urgent_in_quiet: Mapped[bool] = mapped_column(default=True)
    digest: Mapped[bool] = mapped_column(default=True, server_default=true())


class PushSubscription(db.Model):
    """A browser that takes notifications for the person who is signed in there; it ends with the session."""

    __tablename__ = "push_subscriptions"

    id: Mapped[RowId]
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"), index=True)
    session_id: Mapped[int] = mapped_column(BigId, ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(Text, unique=True)
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(32))
    user_agent: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[Moment]


class Push(db.Model):
    """What one browser is to be told of one conversation.

    `state` is "due" until it has been sent, then "shown", "again" when more was said, and "clearing" once the person has
    read it elsewhere: then the browser is told to take it away. `count` is how many messages it stands for, `message_id`
    the newest of them. With `escrow_id` it reminds of an answer that is owed, `message_id` being the client's latest.
    """

    __tablename__ = "pushes"
    __table_args__ = (
        Index("ix_pushes_due_at", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_pushes_user_id_conversation_id", "user_id", "conversation_id"),
    )

    subscription_id: Mapped[int] = mapped_column(
        BigId,
        ForeignKey("push_subscriptions.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    conversation_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("conversations.id"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"))
    message_id: Mapped[int] = mapped_column(BigId, ForeignKey("messages.id"))
    escrow_id: Mapped[int | None] = mapped_column(BigId)
    count: Mapped[int]
    state: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[Moment | None]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Moment]


class Digest(db.Model):
    """A mail about what waits for somebody who is away, due at `due_at`; without that it has been sent. The row goes
    when they are back."""

    __tablename__ = "digests"
    __table_args__ = (Index("ix_digests_due_at", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),)

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"), primary_key=True, autoincrement=False)
    due_at: Mapped[Moment | None]
