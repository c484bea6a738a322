from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import BigId, Moment, RowId

# Until then its money is neither one's nor the other's for good.
UNSETTLED = ("held", "answered", "disputed")
_OPEN = text("is_open")
_HELD, _ANSWERED = text("state = 'held'"), text("state = 'answered'")
_DISPUTED = text("state = 'disputed'")
_UNSETTLED = text("state IN ('held', 'answered', 'disputed')")
# The same to be asked for: in these very words, or SQLite would not find it in their index.
IS_UNSETTLED = text("escrows.state IN ('held', 'answered', 'disputed')")


class Escrow(db.Model):
    """One purchase and the money held for it: of a conversation, or of one message in it. Whatever was agreed is
    copied here when it is bought.

    `is_open`: the client may write; of all conversations of a pair, one is. `bought_position` is the version that the
    conversation had at the purchase, so that what the client has written since is known.
    """

    __tablename__ = "escrows"
    __table_args__ = (
        Index(
            "uq_escrows_open",
            "client_id",
            "expert_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_escrows_client_id_id", "client_id", "id"),
        Index("ix_escrows_expert_id_id", "expert_id", "id"),
        Index("ix_escrows_message_id", "message_id"),
        Index(
            "ix_escrows_unsettled", "conversation_id", sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED
        ),
        Index("ix_escrows_owed", "expert_id", "answer_by", sqlite_where=_HELD, postgresql_where=_HELD),
        Index("ix_escrows_answer_by", "answer_by", sqlite_where=_HELD, postgresql_where=_HELD),
        Index("ix_escrows_release_at", "release_at", sqlite_where=_ANSWERED, postgresql_where=_ANSWERED),
        Index("ix_escrows_remind_at", "remind_at", sqlite_where=_HELD, postgresql_where=_HELD),
        Index("ix_escrows_disputed_at", "disputed_at", sqlite_where=_DISPUTED, postgresql_where=_DISPUTED),
        Index("ix_escrows_window_ends_at", "window_ends_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[RowId]
    kind: Mapped[str] = mapped_column(String(12))
    conversation_id: Mapped[int] = mapped_column(BigId, ForeignKey("conversations.id"))
    message_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("messages.id"))
    client_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"))
    expert_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"))
    amount_minor: Mapped[int] = mapped_column(BigId)
    # In hundredths of a percent, and what that makes of the whole amount, rounded down.
    fee_basis_points: Mapped[int]
    fee_minor: Mapped[int] = mapped_column(BigId)
    level: Mapped[str | None] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12))
    # Why it was refunded: expired, declined, cancelled, blocked, closed, suspended, resolved.
    refund_reason: Mapped[str | None] = mapped_column(String(12))
    is_open: Mapped[bool] = mapped_column(default=False)
    duration_days: Mapped[int | None]
    bought_position: Mapped[int] = mapped_column(BigId)
    answer_by: Mapped[Moment]
    # The next reminder, and how many have gone out.
    remind_at: Mapped[Moment | None]
    reminders: Mapped[int] = mapped_column(default=0)
    # When the expert has first looked at it.
    opened_at: Mapped[Moment | None]
    answered_at: Mapped[Moment | None]
    answer_seconds: Mapped[int | None] = mapped_column(BigId)
    # Until when the client may write; counted from the purchase until there is an answer.
    window_ends_at: Mapped[Moment | None]
    release_at: Mapped[Moment | None]
    dispute_reason: Mapped[str | None] = mapped_column(Text)
    disputed_at: Mapped[Moment | None]
    # The expert's part of a split, before the fee.
    expert_minor: Mapped[int | None] = mapped_column(BigId)
    settled_at: Mapped[Moment | None]
    created_at: Mapped[Moment]
