"""Both databases, as a backup dumps them and a restore puts the dump in their place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, Connection, create_engine, func, inspect, select, table, text
from sqlalchemy.pool import NullPool

from lumina.cli.backups import postgresql, sqlite

# What an instance has from its first person or file on.
OWN = ("users", "stored_files")


class Target(Protocol):
    """The database that a dump is restored into, by way of a staged one beside it."""

    staged_url: URL

    def check(self) -> None:
        """Raises ClickException where it is in use."""

    def stage(self, dump: Path) -> None:
        """Make the staged database of a dump. Raises ClickException."""

    def swap(self, *, keep: bool) -> str | None:
        """Put the staged database in the place of the former, at one blow; where the former is kept, if it should be."""

    def discard(self) -> None:
        """Let nothing be left of the staged database."""


def target(url: URL) -> Target:
    return postgresql.Target(url) if url.get_backend_name() == "postgresql" else sqlite.Target(url)


@contextmanager
def dumped(url: URL, into: Path) -> Iterator[Connection]:
    """Dump the database as it stands at one moment; the connection sees that very moment. Raises ClickException."""
    of = postgresql if url.get_backend_name() == "postgresql" else sqlite
    with of.dumped(url, into) as connection:
        yield connection


@contextmanager
def connected(url: URL) -> Iterator[Connection]:
    """A connection of its own, gone afterwards. Raises ClickException where somebody holds on to a table."""
    if url.get_backend_name() == "postgresql":
        engine = postgresql.engine(url)
    else:
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    with postgresql.unheld(), engine.connect() as connection:
        yield connection
    engine.dispose()


def schema(connection: Connection) -> str | None:
    """The revision of the schema; None in an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def rows(connection: Connection, *names: str) -> dict[str, int]:
    """How many rows the tables have: these, or all."""
    there = sorted(inspect(connection).get_table_names())
    return {
        name: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for name in there
        if not names or name in names
    }


def is_empty(connection: Connection) -> bool:
    """Whether nobody has been here yet, be the schema there or not."""
    return not any(rows(connection, *OWN).values())
