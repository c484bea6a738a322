"""Files of messages, the bytes behind them, and photos of people and groups"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lumina.models.types import UtcDateTime

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DUE, PHOTO = sa.text("due_at IS NOT NULL"), sa.text("photo_key IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "stored_files",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("size", BigId, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("has_thumb", sa.Boolean(), nullable=False),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(
        "ix_stored_files_due_at", "stored_files", ["due_at"], sqlite_where=DUE, postgresql_where=DUE
    )
    op.create_table(
        "attachments",
        sa.Column("id", BigId, nullable=False),
        sa.Column("uploader_id", BigId, nullable=False),
        sa.Column("message_id", BigId),
        sa.Column("conversation_id", BigId),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("file_id", BigId, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("file_size", BigId, nullable=False),
        sa.Column("mime_type", sa.String(100), nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("duration_ms", BigId),
        sa.Column("peaks", sa.JSON(none_as_null=True)),
        sa.Column("has_thumb", sa.Boolean(), nullable=False),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["uploader_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"]),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_attachments_message_id", "attachments", ["message_id"])
    op.create_index(
        "ix_attachments_conversation_id_kind_id", "attachments", ["conversation_id", "kind", "id"]
    )
    op.create_index("ix_attachments_file_id", "attachments", ["file_id"])
    op.create_index("ix_attachments_uploader_id_file_size", "attachments", ["uploader_id", "file_size"])
    op.create_index(
        "ix_attachments_due_at", "attachments", ["due_at"], sqlite_where=DUE, postgresql_where=DUE
    )
    op.add_column("messages", sa.Column("attachment_count", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("users", sa.Column("photo_key", sa.String(32)))
    op.add_column("conversations", sa.Column("photo_key", sa.String(32)))
    for table in ("users", "conversations"):
        op.create_index(
            f"ix_{table}_photo_key", table, ["photo_key"], sqlite_where=PHOTO, postgresql_where=PHOTO
        )


def downgrade() -> None:
    for table in ("conversations", "users"):
        op.drop_index(f"ix_{table}_photo_key", table)
        op.drop_column(table, "photo_key")
    op.drop_column("messages", "attachment_count")
    op.drop_table("attachments")
    op.drop_table("stored_files")
