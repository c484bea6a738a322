from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import BigId, Moment, RowId

# Of each person; the deployment has `clearing` and `fees`.
PERSONAL = ("available", "held", "pending", "payouts", "debt")


class LedgerAccount(db.Model):
    """An account, and beside it the sum of its entries. `user_id` is null for the deployment's own.

    No balance goes below zero but that of `clearing`, the world outside, and `debt`, which goes nowhere else.
    """

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        CheckConstraint(
            "kind = 'clearing' OR (kind = 'debt' AND balance_minor <= 0) OR (kind <> 'debt' AND balance_minor >= 0)",
            name="ck_ledger_accounts_balance",
        ),
        UniqueConstraint("user_id", "kind", name="uq_ledger_accounts_user_id_kind"),
        Index(
            "uq_ledger_accounts_common",
            "kind",
            unique=True,
            sqlite_where=text("user_id IS NULL"),
            postgresql_where=text("user_id IS NULL"),
        ),
    )

    id: Mapped[RowId]
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(12))
    balance_minor: Mapped[int] = mapped_column(BigId, default=0, server_default="0")


class LedgerTransaction(db.Model):
    """Money that has moved, once: `key` names the operation, so that none is booked twice. Never changed, never removed."""

    __tablename__ = "ledger_transactions"
    __table_args__ = (Index("ix_ledger_transactions_escrow_id", "escrow_id"),)

    id: Mapped[RowId]
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    escrow_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("escrows.id"))
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[Moment]


class LedgerEntry(db.Model):
    """One account's part of a transaction, and its balance afterwards; a transaction's add up to zero."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        Index("ix_ledger_entries_account_id_id", "account_id", "id"),
        Index("ix_ledger_entries_transaction_id", "transaction_id"),
    )

    id: Mapped[RowId]
    transaction_id: Mapped[int] = mapped_column(BigId, ForeignKey("ledger_transactions.id"))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("ledger_accounts.id"))
    amount_minor: Mapped[int] = mapped_column(BigId)
    balance_minor: Mapped[int] = mapped_column(BigId)


class LedgerCheck(db.Model):
    """What a check of the whole ledger has found: how many differences, the first of them in words, and what all accounts
    of each kind came to (unknown of early ones)."""

    __tablename__ = "ledger_checks"

    id: Mapped[RowId]
    checked_at: Mapped[Moment]
    found: Mapped[int]
    differences: Mapped[list[str]] = mapped_column(JSON)
    balances: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
