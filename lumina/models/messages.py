from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import BigId, Moment, RowId


class Message(db.Model):
    """A message. `position` orders the history; `version` is the number of its latest change."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "position", name="uq_messages_conversation_id_position"),
        Index("ix_messages_conversation_id_version", "conversation_id", "version"),
        UniqueConstraint("sender_id", "client_message_id", name="uq_messages_sender_id_client_message_id"),
    )

    id: Mapped[RowId]
    conversation_id: Mapped[int] = mapped_column(BigId, ForeignKey("conversations.id"))
    sender_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"))
    type: Mapped[str] = mapped_column(String(8), default="text")
    content: Mapped[str] = mapped_column(Text)
    priority_level: Mapped[str] = mapped_column(String(8), default="normal")
    is_priority: Mapped[bool] = mapped_column(default=False)
    client_message_id: Mapped[str | None] = mapped_column(String(64))
    position: Mapped[int] = mapped_column(BigId)
    version: Mapped[int] = mapped_column(BigId)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
