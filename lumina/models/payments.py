from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import BigId, Moment, RowId

_DUE = text("due_at IS NOT NULL")
_ASKED = text("state = 'requested'")


class Topup(db.Model):
    """Money on its way into a wallet, through a provider's checkout: open, then paid, cancelled or expired.

    Paid after its account was closed, it is returning to its payer, then returned; or kept, where the provider cannot
    give it back. `reference` is the provider's name for it; `return_to` the page to which its owner comes back; at
    `due_at` an open one expires and a returning one is asked back. What was refunded adds up in `returned_minor`;
    charge-backs stand in the ledger alone.
    """

    __tablename__ = "topups"
    __table_args__ = (
        Index("ix_topups_user_id_id", "user_id", "id"),
        Index("ix_topups_due_at", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
    )

    id: Mapped[RowId]
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"))
    amount_minor: Mapped[int] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(String(12))
    provider: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str | None] = mapped_column(String(255), unique=True)
    checkout_url: Mapped[str | None] = mapped_column(Text)
    return_to: Mapped[str | None] = mapped_column(Text)
    returned_minor: Mapped[int] = mapped_column(BigId, default=0)
    due_at: Mapped[Moment | None]
    paid_at: Mapped[Moment | None]
    created_at: Mapped[Moment]


class Payout(db.Model):
    """Money on its way out, until an admin has settled it: requested, then paid or returned."""

    __tablename__ = "payouts"
    __table_args__ = (
        Index("ix_payouts_user_id_id", "user_id", "id"),
        Index("ix_payouts_requested", "created_at", sqlite_where=_ASKED, postgresql_where=_ASKED),
    )

    id: Mapped[RowId]
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"))
    amount_minor: Mapped[int] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[Moment]
    settled_at: Mapped[Moment | None]


class ProviderEvent(db.Model):
    """What a payment provider has told us already, so that it is heeded once."""

    __tablename__ = "provider_events"

    provider: Mapped[str] = mapped_column(String(16), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    created_at: Mapped[Moment]
