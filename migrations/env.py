"""Alembic's entry: migrates over the app's own engine, which `flask db` hands over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection

from lumina.extensions import db

engine = context.config.attributes["engine"]


def is_compared(_object: object, name: str | None, type_: str, _reflected: bool, _other: object) -> bool:
    """On SQLite the search's table is a virtual one, with tables of its own behind it: no model says how they look."""
    is_virtual = (
        engine.dialect.name == "sqlite" and type_ == "table" and str(name).startswith("message_terms")
    )
    return not is_virtual


@contextmanager
def loose_tables(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, which the foreign keys of others forbid while they have rows."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    yield
    if is_sqlite:
        connection.connection.cursor().execute("PRAGMA foreign_keys=ON")


with engine.connect() as connection, loose_tables(connection):
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        include_object=is_compared,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
