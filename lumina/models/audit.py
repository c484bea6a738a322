from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import BigId, Moment, RowId


class AuditEntry(db.Model):
    """What an admin has done, or a command (`actor_id` is null then). Never changed, never removed."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_actor_id_id", "actor_id", "id"),
        Index("ix_audit_entries_subject_id", "subject", "id"),
    )

    id: Mapped[RowId]
    actor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("users.id"))
    act: Mapped[str] = mapped_column(String(32))
    # Whom or what it was done to, such as "user:7" and "escrow:12".
    subject: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[Moment]
