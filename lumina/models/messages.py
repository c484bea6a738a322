from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import BigId, Moment, RowId

_EXPIRING = text("expires_at IS NOT NULL AND expired_at IS NULL")
_TO_PURGE, _PINNED = text("purge_at IS NOT NULL"), text("pinned_at IS NOT NULL")


class Message(db.Model):
    """A message. `position` orders the history; `version` is the number of its latest change.

    No row is ever removed. One deleted for everyone keeps its place and can come back until `purge_at`, when its
    content goes; an expired one leaves the history at once. A system line has no content but `system` {kind, params}.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "position", name="uq_messages_conversation_id_position"),
        Index("ix_messages_conversation_id_version", "conversation_id", "version"),
        UniqueConstraint("sender_id", "client_message_id", name="uq_messages_sender_id_client_message_id"),
        Index("ix_messages_expires_at", "expires_at", sqlite_where=_EXPIRING, postgresql_where=_EXPIRING),
        Index("ix_messages_purge_at", "purge_at", sqlite_where=_TO_PURGE, postgresql_where=_TO_PURGE),
        Index(
            "ix_messages_pinned",
            "conversation_id",
            "pinned_at",
            sqlite_where=_PINNED,
            postgresql_where=_PINNED,
        ),
    )

    id: Mapped[RowId]
    conversation_id: Mapped[int] = mapped_column(BigId, ForeignKey("conversations.id"))
    sender_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"))
    type: Mapped[str] = mapped_column(String(8), default="text")
    content: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(String(16), default="markdown", server_default="markdown")
    priority_level: Mapped[str] = mapped_column(String(8), default="normal")
    is_priority: Mapped[bool] = mapped_column(default=False)
    client_message_id: Mapped[str | None] = mapped_column(String(64))
    position: Mapped[int] = mapped_column(BigId)
    version: Mapped[int] = mapped_column(BigId)
    reply_to_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("messages.id", name="fk_messages_reply_to_id_messages")
    )
    forwarded: Mapped[bool] = mapped_column(default=False, server_default=false())
    system: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # [[user id, name as written], …]
    mentions: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    link_preview: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reaction_count: Mapped[int] = mapped_column(default=0, server_default="0")
    attachment_count: Mapped[int] = mapped_column(default=0, server_default="0")
    edited_at: Mapped[Moment | None]
    expires_at: Mapped[Moment | None]
    expired_at: Mapped[Moment | None]
    deleted_at: Mapped[Moment | None]
    deleted_by_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("users.id", name="fk_messages_deleted_by_id_users")
    )
    purge_at: Mapped[Moment | None]
    pinned_at: Mapped[Moment | None]
    pinned_by_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("users.id", name="fk_messages_pinned_by_id_users")
    )
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


def text_of(message: Any) -> str:
    """The one way to a message's text, a row's or a plain tuple's: nothing once it is deleted or expired."""
    gone = message.deleted_at or message.expired_at
    return "" if gone else message.content


class MessageEdit(db.Model):
    """An earlier text of a message, as it stood until version `version`."""

    __tablename__ = "message_edits"
    message_id: Mapped[int] = mapped_column(BigId, ForeignKey("messages.id"), primary_key=True)
    version: Mapped[int] = mapped_column(BigId, primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    written_at: Mapped[Moment]


class Reaction(db.Model):
    """One person's emoji on a message."""

    __tablename__ = "reactions"
    message_id: Mapped[int] = mapped_column(BigId, ForeignKey("messages.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"), primary_key=True)
    reaction: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[Moment]


class HiddenMessage(db.Model):
    """A message that one person has deleted for themselves."""

    __tablename__ = "hidden_messages"
    __table_args__ = (Index("ix_hidden_messages_user_id_conversation_id", "user_id", "conversation_id"),)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"), primary_key=True)
    message_id: Mapped[int] = mapped_column(BigId, ForeignKey("messages.id"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(BigId, ForeignKey("conversations.id"))
