"""Indexes for large groups; what messages of long conversations are found by, in volumes"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from lumina.models import search

BATCH = 1000

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# A batch in one statement; SQLite, which no network is in the way of, takes them one by one.
PUT_ALL = """
    INSERT INTO message_terms (message_id, terms)
    SELECT id, array_to_tsvector(string_to_array(terms, ' ')) FROM unnest(:ids, :terms) AS found (id, terms)
    ON CONFLICT (message_id) DO UPDATE SET terms = excluded.terms
"""
INDEXES = [("ix_memberships_conversation_id_role", "memberships", ["conversation_id", "role"])]


def upgrade() -> None:
    # PostgreSQL makes them while others write, which cannot be within a transaction; one that was broken off is no index.
    with op.get_context().autocommit_block():
        for name, table, columns in INDEXES:
            op.drop_index(name, table, if_exists=True)
            op.create_index(name, table, columns, postgresql_concurrently=True)
    _put_anew("id, conversation_id, sender_id, type, content, position")


def downgrade() -> None:
    # Without their positions all are of the first volume.
    _put_anew("id, conversation_id, sender_id, type, content")
    for name, table, _ in INDEXES:
        op.drop_index(name, table)


def _put_anew(columns: str) -> None:
    """The terms of all messages that are not in the first volume of their conversation."""
    connection = op.get_bind()
    for batch in _batches(connection, columns):
        names = _file_names(connection, [message.id for message in batch])
        found_by = [{"id": one.id, "terms": search.terms(one, names[one.id])} for one in batch]
        if connection.dialect.name == "sqlite":
            connection.execute(search.PUT["sqlite"], found_by)
        else:
            ids, terms = zip(*(one.values() for one in found_by), strict=True)
            connection.execute(sa.text(PUT_ALL), {"ids": list(ids), "terms": list(terms)})


def _batches(connection: sa.Connection, columns: str) -> Iterator[list[sa.Row]]:
    last = 0
    statement = sa.text(
        f"SELECT {columns} FROM messages WHERE id > :last AND position > :volume AND type != 'system'"
        " AND deleted_at IS NULL AND expired_at IS NULL ORDER BY id LIMIT :most"
    )
    values = {"volume": search.VOLUME, "most": BATCH}
    while batch := connection.execute(statement, values | {"last": last}).all():
        yield list(batch)
        last = batch[-1].id


def _file_names(connection: sa.Connection, ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    statement = sa.text("SELECT message_id, file_name FROM attachments WHERE message_id IN :ids")
    for message_id, name in connection.execute(
        statement.bindparams(sa.bindparam("ids", ids, expanding=True))
    ):
        found[message_id].append(name)
    return found
