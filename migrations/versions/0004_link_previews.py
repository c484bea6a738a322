"""Link previews: whose are to be fetched, and who wants none"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lumina.models.types import UtcDateTime

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(
            sa.Column("link_previews", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    op.create_table(
        "link_fetches",
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"]),
        sa.PrimaryKeyConstraint("message_id"),
    )
    op.create_index(
        "ix_link_fetches_due_at", "link_fetches", ["due_at"], sqlite_where=DUE, postgresql_where=DUE
    )


def downgrade() -> None:
    op.drop_table("link_fetches")
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_column("link_previews")
