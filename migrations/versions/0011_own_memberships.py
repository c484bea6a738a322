"""What a list and the number of unread ones ask of each membership, in one index"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BEFORE, SINCE = "ix_memberships_user_id_conversation_id", "ix_memberships_own"
KEY = ["user_id", "conversation_id"]
ASKED = ["archived", "read_position", "marked_unread"]


def upgrade() -> None:
    _replace(BEFORE, SINCE, KEY + ASKED)


def downgrade() -> None:
    _replace(SINCE, BEFORE, KEY)


def _replace(old: str, new: str, columns: list[str]) -> None:
    """The new one first; on PostgreSQL while others write, which cannot be within a transaction. One that was broken off is
    no index."""
    with op.get_context().autocommit_block():
        op.drop_index(new, "memberships", if_exists=True)
        op.create_index(new, "memberships", columns, postgresql_concurrently=True)
        op.drop_index(old, "memberships", postgresql_concurrently=True, if_exists=True)
