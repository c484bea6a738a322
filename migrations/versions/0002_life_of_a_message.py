"""Replies, reactions, edits, deletion, expiry, pins"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lumina.models.types import UtcDateTime

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.add_column(sa.Column("last_position", BigId, nullable=False, server_default="0"))
    # Until now every version was a new message.
    op.execute("UPDATE conversations SET last_position = version")
    with op.batch_alter_table("messages") as batch_op:
        batch_op.add_column(sa.Column("format", sa.String(16), nullable=False, server_default="markdown"))
        batch_op.add_column(sa.Column("reply_to_id", BigId))
        batch_op.add_column(sa.Column("forwarded", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("system", sa.JSON()))
        batch_op.add_column(sa.Column("mentions", sa.JSON()))
        batch_op.add_column(sa.Column("link_preview", sa.JSON()))
        batch_op.add_column(sa.Column("reaction_count", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("edited_at", UtcDateTime()))
        batch_op.add_column(sa.Column("expires_at", UtcDateTime()))
        batch_op.add_column(sa.Column("expired_at", UtcDateTime()))
        batch_op.add_column(sa.Column("deleted_at", UtcDateTime()))
        batch_op.add_column(sa.Column("deleted_by_id", BigId))
        batch_op.add_column(sa.Column("purge_at", UtcDateTime()))
        batch_op.add_column(sa.Column("pinned_at", UtcDateTime()))
        batch_op.add_column(sa.Column("pinned_by_id", BigId))
        batch_op.create_foreign_key("fk_messages_reply_to_id_messages", "messages", ["reply_to_id"], ["id"])
        batch_op.create_foreign_key("fk_messages_deleted_by_id_users", "users", ["deleted_by_id"], ["id"])
        batch_op.create_foreign_key("fk_messages_pinned_by_id_users", "users", ["pinned_by_id"], ["id"])
    for name, columns, condition in PARTIAL_INDEXES:
        op.create_index(
            name, "messages", columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition)
        )
    op.create_table(
        "reactions",
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("reaction", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("message_id", "user_id", "reaction"),
    )
    op.create_table(
        "message_edits",
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("version", BigId, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"]),
        sa.PrimaryKeyConstraint("message_id", "version"),
    )
    op.create_table(
        "hidden_messages",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("conversation_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"]),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("user_id", "message_id"),
    )
    op.create_index(
        "ix_hidden_messages_user_id_conversation_id", "hidden_messages", ["user_id", "conversation_id"]
    )


def downgrade() -> None:
    op.drop_table("hidden_messages")
    op.drop_table("message_edits")
    op.drop_table("reactions")
    for name, _, _ in PARTIAL_INDEXES:
        op.drop_index(name, "messages")
    with op.batch_alter_table("messages") as batch_op:
        for table, column in (
            ("messages", "reply_to_id"),
            ("users", "deleted_by_id"),
            ("users", "pinned_by_id"),
        ):
            batch_op.drop_constraint(f"fk_messages_{column}_{table}", type_="foreignkey")
        for column in COLUMNS:
            batch_op.drop_column(column)
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.drop_column("last_position")


PARTIAL_INDEXES = (
    ("ix_messages_expires_at", ["expires_at"], "expires_at IS NOT NULL AND expired_at IS NULL"),
    ("ix_messages_purge_at", ["purge_at"], "purge_at IS NOT NULL"),
    ("ix_messages_pinned", ["conversation_id", "pinned_at"], "pinned_at IS NOT NULL"),
)
COLUMNS = (
    "format",
    "reply_to_id",
    "forwarded",
    "system",
    "mentions",
    "link_preview",
    "reaction_count",
    "edited_at",
    "expires_at",
    "expired_at",
    "deleted_at",
    "deleted_by_id",
    "purge_at",
    "pinned_at",
    "pinned_by_id",
)
