from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import BigId, Moment, RowId

_DUE = text("due_at IS NOT NULL")


class StoredFile(db.Model):
    """Bytes in the storage, under `key`; the small picture of them is under `key` and "-thumb".

    The row is there before the bytes are, and goes after them, so that no crash leaves bytes that nobody knows of. It is
    removed at `due_at`, by which an upload has been finished, or when nothing refers to it any more.
    """

    __tablename__ = "stored_files"
    __table_args__ = (Index("ix_stored_files_due_at", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),)

    id: Mapped[RowId]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    size: Mapped[int] = mapped_column(BigId)
    sha256: Mapped[str] = mapped_column(String(64))
    has_thumb: Mapped[bool]
    due_at: Mapped[Moment | None]
    created_at: Mapped[Moment]


class Attachment(db.Model):
    """A file as one message has it, at `place`; without a message, an upload that is removed at `due_at` unless it is
    sent. Several may share one stored file, as when it is forwarded. `kind` is image, audio, video or file."""

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_message_id", "message_id"),
        Index("ix_attachments_conversation_id_kind_id", "conversation_id", "kind", "id"),
        Index("ix_attachments_file_id", "file_id"),
        Index("ix_attachments_uploader_id_file_size", "uploader_id", "file_size"),
        Index("ix_attachments_due_at", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
    )

    id: Mapped[RowId]
    uploader_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"))
    message_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("messages.id"))
    conversation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("conversations.id"))
    place: Mapped[int] = mapped_column(default=0)
    file_id: Mapped[int] = mapped_column(BigId, ForeignKey("stored_files.id"))
    kind: Mapped[str] = mapped_column(String(8))
    file_name: Mapped[str] = mapped_column(String(120))
    file_size: Mapped[int] = mapped_column(BigId)
    mime_type: Mapped[str] = mapped_column(String(100))
    width: Mapped[int | None]
    height: Mapped[int | None]
    duration_ms: Mapped[int | None] = mapped_column(BigId)
    # 64 numbers from 0 to 1
    peaks: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    has_thumb: Mapped[bool]
    due_at: Mapped[Moment | None]
    created_at: Mapped[Moment]
