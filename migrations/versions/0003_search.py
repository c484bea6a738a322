"""What messages are found by"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from lumina.models import search

BATCH = 1000

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        # Without positions and sizes, which nothing asks for; the colon belongs to a term.
        op.execute(
            "CREATE VIRTUAL TABLE message_terms USING fts5("
            "terms, tokenize=\"ascii tokenchars ':'\", detail='none', columnsize=0)"
        )
    else:
        op.create_table(
            "message_terms",
            sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("terms", postgresql.TSVECTOR(), nullable=False),
            sa.PrimaryKeyConstraint("message_id"),
        )
        op.create_index(
            "ix_message_terms_terms",
            "message_terms",
            ["terms"],
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        )
    for batch in _batches(connection):
        found_by = [{"id": message.id, "terms": search.terms(message)} for message in batch]
        connection.execute(search.PUT[connection.dialect.name], found_by)


def _batches(connection: sa.Connection) -> Iterator[list[sa.Row]]:
    """The messages that can be found so far, a thousand at a time."""
    last = 0
    statement = sa.text(
        "SELECT id, conversation_id, sender_id, type, content FROM messages WHERE id > :last AND type != 'system'"
        " AND deleted_at IS NULL AND expired_at IS NULL ORDER BY id LIMIT :most"
    )
    while batch := connection.execute(statement, {"last": last, "most": BATCH}).all():
        yield list(batch)
        last = batch[-1].id


def downgrade() -> None:
    op.drop_table("message_terms")
