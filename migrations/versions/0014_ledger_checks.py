"""What checks of the ledger have found"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lumina.models.types import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_checks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("ledger_checks")
