"""Presence and receipts, levels of notification, marking unread"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lumina.models.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MUTE_ENDS, HIDES = sa.text("muted_until IS NOT NULL"), sa.text("NOT show_receipts")


def upgrade() -> None:
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(
            sa.Column("show_presence", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(
            sa.Column("show_receipts", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("connected_at", UtcDateTime()))
        batch_op.add_column(sa.Column("last_seen_at", UtcDateTime()))
    op.create_index("ix_users_hides_receipts", "users", ["id"], sqlite_where=HIDES, postgresql_where=HIDES)
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.add_column(
            sa.Column("notification_level", sa.String(8), nullable=False, server_default="all")
        )
        batch_op.add_column(
            sa.Column("marked_unread", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute("UPDATE memberships SET notification_level = 'none' WHERE NOT notifications")
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.drop_column("notifications")
    op.create_index(
        "ix_memberships_conversation_id_read_position", "memberships", ["conversation_id", "read_position"]
    )
    op.create_index(
        "ix_memberships_muted_until",
        "memberships",
        ["muted_until"],
        sqlite_where=MUTE_ENDS,
        postgresql_where=MUTE_ENDS,
    )


def downgrade() -> None:
    op.drop_index("ix_memberships_muted_until", "memberships")
    op.drop_index("ix_memberships_conversation_id_read_position", "memberships")
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.add_column(
            sa.Column("notifications", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    op.execute("UPDATE memberships SET notifications = (notification_level <> 'none')")
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.drop_column("marked_unread")
        batch_op.drop_column("notification_level")
    op.drop_index("ix_users_hides_receipts", "users")
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_column("last_seen_at")
        batch_op.drop_column("connected_at")
        batch_op.drop_column("show_receipts")
        batch_op.drop_column("show_presence")
