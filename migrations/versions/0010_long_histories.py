"""Indexes for long histories"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEXES = [("ix_memberships_conversation_id_role", "memberships", ["conversation_id", "role"])]


def upgrade() -> None:
    # PostgreSQL makes them while others write, which cannot be within a transaction; one that was broken off is no index.
    with op.get_context().autocommit_block():
        for name, table, columns in INDEXES:
            op.drop_index(name, table, if_exists=True)
            op.create_index(name, table, columns, postgresql_concurrently=True)


def downgrade() -> None:
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
