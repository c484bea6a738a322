"""Experts, wallets, escrows, payments; blocked, suspended and closed accounts; the audit log"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lumina.models.types import UtcDateTime

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPEN, HELD, ANSWERED = "is_open", "state = 'held'", "state = 'answered'"
DISPUTED = "state = 'disputed'"
UNSETTLED = "state IN ('held', 'answered', 'disputed')"
APPEND_ONLY = ("ledger_transactions", "ledger_entries", "audit_entries")


def _index(name: str, table: str, columns: list[str], where: str | None = None, unique: bool = False) -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    op.add_column("users", sa.Column("suspended_at", UtcDateTime()))
    op.add_column("users", sa.Column("closed_at", UtcDateTime()))
    op.add_column("conversations", sa.Column("escrow_id", BigId))
    op.add_column("pushes", sa.Column("escrow_id", BigId))
    op.create_table(
        "blocks",
        sa.Column("blocker_id", BigId, nullable=False),
        sa.Column("blocked_id", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["blocker_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["blocked_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("blocker_id", "blocked_id"),
    )
    _index("ix_blocks_blocked_id", "blocks", ["blocked_id"])
    op.create_table(
        "experts",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("bio", sa.Text()),
        sa.Column("conversation_price_minor", BigId, nullable=False),
        sa.Column("duration_days", sa.Integer(), nullable=False),
        sa.Column("answer_hours", sa.Integer(), nullable=False),
        sa.Column("high_price_minor", BigId, nullable=False),
        sa.Column("urgent_price_minor", BigId, nullable=False),
        sa.Column("high_answer_hours", sa.Integer(), nullable=False),
        sa.Column("urgent_answer_hours", sa.Integer(), nullable=False),
        sa.Column("max_unanswered", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("user_id"),
    )
    _escrows()
    _ledger()
    _payments()
    op.create_table(
        "question_drafts",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("expert_id", BigId, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["expert_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("user_id", "expert_id"),
    )
    _index("ix_question_drafts_updated_at", "question_drafts", ["updated_at"])
    op.create_table(
        "audit_entries",
        sa.Column("id", BigId, nullable=False),
        sa.Column("actor_id", BigId),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("ix_audit_entries_actor_id_id", "audit_entries", ["actor_id", "id"])
    _index("ix_audit_entries_subject_id", "audit_entries", ["subject", "id"])
    _make_append_only()


def _escrows() -> None:
    op.create_table(
        "escrows",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("conversation_id", BigId, nullable=False),
        sa.Column("message_id", BigId),
        sa.Column("client_id", BigId, nullable=False),
        sa.Column("expert_id", BigId, nullable=False),
        sa.Column("amount_minor", BigId, nullable=False),
        sa.Column("fee_basis_points", sa.Integer(), nullable=False),
        sa.Column("fee_minor", BigId, nullable=False),
        sa.Column("level", sa.String(8)),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("refund_reason", sa.String(12)),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("duration_days", sa.Integer()),
        sa.Column("bought_position", BigId, nullable=False),
        sa.Column("answer_by", UtcDateTime(), nullable=False),
        sa.Column("remind_at", UtcDateTime()),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime()),
        sa.Column("answered_at", UtcDateTime()),
        sa.Column("answer_seconds", BigId),
        sa.Column("window_ends_at", UtcDateTime()),
        sa.Column("release_at", UtcDateTime()),
        sa.Column("dispute_reason", sa.Text()),
        sa.Column("disputed_at", UtcDateTime()),
        sa.Column("expert_minor", BigId),
        sa.Column("settled_at", UtcDateTime()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"]),
        sa.ForeignKeyConstraint(["client_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["expert_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    # Of all purchases of a pair, one is open.
    _index("uq_escrows_open", "escrows", ["client_id", "expert_id"], OPEN, unique=True)
    _index("ix_escrows_client_id_id", "escrows", ["client_id", "id"])
    _index("ix_escrows_expert_id_id", "escrows", ["expert_id", "id"])
    _index("ix_escrows_message_id", "escrows", ["message_id"])
    _index("ix_escrows_unsettled", "escrows", ["conversation_id"], UNSETTLED)
    _index("ix_escrows_owed", "escrows", ["expert_id", "answer_by"], HELD)
    _index("ix_escrows_answer_by", "escrows", ["answer_by"], HELD)
    _index("ix_escrows_remind_at", "escrows", ["remind_at"], HELD)
    _index("ix_escrows_release_at", "escrows", ["release_at"], ANSWERED)
    _index("ix_escrows_disputed_at", "escrows", ["disputed_at"], DISPUTED)
    _index("ix_escrows_window_ends_at", "escrows", ["window_ends_at"], OPEN)


def _ledger() -> None:
    op.create_table(
        "ledger_accounts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("balance_minor", BigId, nullable=False, server_default="0"),
        sa.CheckConstraint(
            "kind = 'clearing' OR (kind = 'debt' AND balance_minor <= 0)"
            " OR (kind <> 'debt' AND balance_minor >= 0)",
            name="ck_ledger_accounts_balance",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("user_id", "kind", name="uq_ledger_accounts_user_id_kind"),
    )
    _index("uq_ledger_accounts_common", "ledger_accounts", ["kind"], "user_id IS NULL", unique=True)
    op.create_table(
        "ledger_transactions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("escrow_id", BigId),
        sa.Column("note", sa.Text()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["escrow_id"], ["escrows.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    _index("ix_ledger_transactions_escrow_id", "ledger_transactions", ["escrow_id"])
    op.create_table(
        "ledger_entries",
        sa.Column("id", BigId, nullable=False),
        sa.Column("transaction_id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("amount_minor", BigId, nullable=False),
        sa.Column("balance_minor", BigId, nullable=False),
        sa.ForeignKeyConstraint(["transaction_id"], ["ledger_transactions.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["ledger_accounts.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("ix_ledger_entries_account_id_id", "ledger_entries", ["account_id", "id"])
    _index("ix_ledger_entries_transaction_id", "ledger_entries", ["transaction_id"])


def _payments() -> None:
    op.create_table(
        "topups",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("amount_minor", BigId, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("reference", sa.String(255)),
        sa.Column("checkout_url", sa.Text()),
        sa.Column("return_to", sa.Text()),
        sa.Column("returned_minor", BigId, nullable=False),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("paid_at", UtcDateTime()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reference"),
    )
    _index("ix_topups_user_id_id", "topups", ["user_id", "id"])
    _index("ix_topups_due_at", "topups", ["due_at"], "due_at IS NOT NULL")
    op.create_table(
        "payouts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("amount_minor", BigId, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("ix_payouts_user_id_id", "payouts", ["user_id", "id"])
    _index("ix_payouts_requested", "payouts", ["created_at"], "state = 'requested'")
    op.create_table(
        "provider_events",
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(255), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "event_id"),
    )


def _make_append_only() -> None:
    """Nobody changes or removes what has been booked or noted, not even the application's own user by hand."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
            # What INSERT OR REPLACE replaces is removed without a word to the triggers of DELETE.
            again = " OR key = NEW.key" if table == "ledger_transactions" else ""
            op.execute(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id{again}) "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in (
        "audit_entries",
        "provider_events",
        "payouts",
        "topups",
        "ledger_entries",
        "ledger_transactions",
        "ledger_accounts",
        "escrows",
        "question_drafts",
        "experts",
        "blocks",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_change()")
    op.drop_column("pushes", "escrow_id")
    op.drop_column("conversations", "escrow_id")
    op.drop_column("users", "closed_at")
    op.drop_column("users", "suspended_at")
