"""Web Push, digests by mail, and how somebody wants to be notified"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lumina.models.types import UtcDateTime

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DUE, NOTICES_DUE = sa.text("due_at IS NOT NULL"), sa.text("notices_due_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "notification_preferences",
        sa.Column("user_id", BigId, nullable=False, autoincrement=False),
        sa.Column("sound", sa.String(8), nullable=False),
        sa.Column("hide_content", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Integer()),
        sa.Column("quiet_until", sa.Integer()),
        sa.Column("time_zone", sa.String(64)),
        sa.Column("urgent_in_quiet", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_table(
        "push_subscriptions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("session_id", BigId, nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.String(100), nullable=False),
        sa.Column("auth", sa.String(32), nullable=False),
        sa.Column("user_agent", sa.String(300), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("endpoint"),
    )
    op.create_index("ix_push_subscriptions_user_id", "push_subscriptions", ["user_id"])
    op.create_index("ix_push_subscriptions_session_id", "push_subscriptions", ["session_id"])
    op.create_table(
        "pushes",
        sa.Column("subscription_id", BigId, nullable=False, autoincrement=False),
        sa.Column("conversation_id", BigId, nullable=False, autoincrement=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["subscription_id"], ["push_subscriptions.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"]),
        sa.PrimaryKeyConstraint("subscription_id", "conversation_id"),
    )
    op.create_index("ix_pushes_due_at", "pushes", ["due_at"], sqlite_where=DUE, postgresql_where=DUE)
    op.create_index("ix_pushes_user_id_conversation_id", "pushes", ["user_id", "conversation_id"])
    op.create_table(
        "digests",
        sa.Column("user_id", BigId, nullable=False, autoincrement=False),
        sa.Column("due_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_index("ix_digests_due_at", "digests", ["due_at"], sqlite_where=DUE, postgresql_where=DUE)
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.add_column(sa.Column("notified_position", BigId, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("notices_due_at", UtcDateTime()))
    # Nobody is notified of what was said before there were notifications.
    op.execute("UPDATE conversations SET notified_position = version")
    op.create_index(
        "ix_conversations_notices_due_at",
        "conversations",
        ["notices_due_at"],
        sqlite_where=NOTICES_DUE,
        postgresql_where=NOTICES_DUE,
    )


def downgrade() -> None:
    op.drop_index("ix_conversations_notices_due_at", "conversations")
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.drop_column("notices_due_at")
        batch_op.drop_column("notified_position")
    for table in ("digests", "pushes", "push_subscriptions", "notification_preferences"):
        op.drop_table(table)
