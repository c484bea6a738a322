from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import BigId, Moment


class Expert(db.Model):
    """Somebody with a price list. Purchases of conversations queue at this row."""

    __tablename__ = "experts"

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"), primary_key=True)
    bio: Mapped[str | None] = mapped_column(Text)
    conversation_price_minor: Mapped[int] = mapped_column(BigId)
    duration_days: Mapped[int]
    answer_hours: Mapped[int]
    high_price_minor: Mapped[int] = mapped_column(BigId)
    urgent_price_minor: Mapped[int] = mapped_column(BigId)
    high_answer_hours: Mapped[int]
    urgent_answer_hours: Mapped[int]
    max_unanswered: Mapped[int]
    is_open: Mapped[bool]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class QuestionDraft(db.Model):
    """What somebody was about to ask an expert, kept while they top up or think it over."""

    __tablename__ = "question_drafts"
    __table_args__ = (Index("ix_question_drafts_updated_at", "updated_at"),)

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"), primary_key=True)
    expert_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[Moment]
