"""What people tell the admins of each other"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lumina.models.types import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = [
    ("uq_reports_message", ["reporter_id", "message_id"], "state = 'open' AND message_id IS NOT NULL"),
    ("uq_reports_person", ["reporter_id", "user_id"], "state = 'open' AND message_id IS NULL"),
    ("ix_reports_open", ["id"], "state = 'open'"),
    ("ix_reports_user_id_id", ["user_id", "id"], None),
]


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("reporter_id", BIG_ID, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("user_id", BIG_ID, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("message_id", BIG_ID, sa.ForeignKey("messages.id")),
        sa.Column("reason", sa.String(12), nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("excerpt", sa.JSON(none_as_null=True)),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime()),
    )
    for name, columns, standing in INDEXES:
        where = sa.text(standing) if standing else None
        op.create_index(
            name,
            "reports",
            columns,
            unique=name.startswith("uq"),
            sqlite_where=where,
            postgresql_where=where,
        )


def downgrade() -> None:
    op.drop_table("reports")
