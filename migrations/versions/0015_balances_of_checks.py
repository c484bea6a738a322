"""What all money came to when the ledger was checked"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ledger_checks", sa.Column("balances", sa.JSON()))


def downgrade() -> None:
    op.drop_column("ledger_checks", "balances")
