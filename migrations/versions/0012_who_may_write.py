"""Who may begin to write to somebody directly"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("direct_from", sa.String(8), server_default="everyone", nullable=False))


def downgrade() -> None:
    op.drop_column("users", "direct_from")
