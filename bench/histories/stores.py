"""Writing rows in bulk: without what keeps a living database safe, and with its indexes made at the end."""

from __future__ import annotations

import io
import sqlite3
from typing import Any, Protocol

import psycopg2
from sqlalchemy import URL

from histories.rows import COLUMNS, Rows

# How much of the search index SQLite gathers before it writes: the default, and the most while loading.
HASH_SIZE, HASH_SIZE_HERE = 1024 * 1024, 64 * 1024 * 1024
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Store(Protocol):
    def write(self, rows: Rows) -> None:
        """Add these rows, and empty the lists."""

    def finish(self) -> None:
        """Put back what was taken off for the load, and close."""


def open_store(url: URL) -> Store:
    """The store behind a migrated, empty database."""
    return SQLite(url) if url.get_backend_name() == "sqlite" else PostgreSQL(url)


class SQLite:
    """The file without journal; the indexes that no constraint stands for come last."""

    def __init__(self, url: URL) -> None:
        self.connection = sqlite3.connect(str(url.database), isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-1500000"):
            self.connection.execute(f"PRAGMA {pragma}")
        wanted = ", ".join(f"'{table}'" for table in COLUMNS)
        self.indexes = self.connection.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({wanted})"
        ).fetchall()
        for name, _ in self.indexes:
            self.connection.execute(f"DROP INDEX {name}")
        self._hash_size(HASH_SIZE_HERE)
        self.connection.execute("BEGIN")
        self.statements = {table: _insert(table, names.split()) for table, names in COLUMNS.items()}

    def write(self, rows: Rows) -> None:
        for table, some in rows.items():
            self.connection.executemany(self.statements[table], some)
            some.clear()

    def finish(self) -> None:
        self.connection.execute("COMMIT")
        self._hash_size(HASH_SIZE)
        for _, statement in self.indexes:
            self.connection.execute(statement)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.close()

    def _hash_size(self, size: int) -> None:
        self.connection.execute(
            "INSERT INTO message_terms(message_terms, rank) VALUES ('hashsize', ?)", (size,)
        )


def _insert(table: str, names: list[str]) -> str:
    if table == "message_terms":
        names = ["rowid", "terms"]
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


class PostgreSQL:
    """COPY into tables without indexes and constraints, which come back at the end."""

    def __init__(self, url: URL) -> None:
        self.connection: Any = psycopg2.connect(
            url.set(drivername="postgresql").render_as_string(hide_password=False)
        )
        self.cursor = self.connection.cursor()
        for setting in (
            "timezone='UTC'",
            "synchronous_commit=off",
            "maintenance_work_mem='1GB'",
            "jit=off",
        ):
            self.cursor.execute(f"SET {setting}")
        self.restoring = self._strip()
        self.connection.commit()

    def _strip(self) -> list[str]:
        """Take constraints and indexes off these tables; the statements that put them back, in order."""
        tables = list(COLUMNS)
        # Foreign keys, which need the others, go first and come last.
        self.cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = ANY(%s::regclass[]) OR confrelid = ANY(%s::regclass[]) ORDER BY contype != 'f', conname",
            (tables, tables),
        )
        constraints = self.cursor.fetchall()
        for table, name, _ in constraints:
            self.cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        self.cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY(%s)",
            (tables,),
        )
        indexes = self.cursor.fetchall()
        for name, _ in indexes:
            self.cursor.execute(f"DROP INDEX {name}")
        added = [f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}" for table, name, text in constraints]
        return [*reversed(added), *(text for _, text in indexes)]

    def write(self, rows: Rows) -> None:
        for table, some in rows.items():
            if some:
                text = io.StringIO("".join([_line(row, table == "message_terms") for row in some]))
                names = ", ".join(COLUMNS[table].split())
                self.cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", text)
                some.clear()

    def finish(self) -> None:
        for statement in self.restoring:
            self.cursor.execute(statement)
            self.connection.commit()
        for table, names in COLUMNS.items():
            if names.startswith("id "):
                self.cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
                )
        self.connection.commit()
        self.connection.autocommit = True
        self.cursor.execute("VACUUM ANALYZE")
        self.connection.close()


def _line(row: tuple[object, ...], has_terms: bool) -> str:
    if has_terms:
        number, terms = row
        # Quoted each, as text of a tsvector: what is in quotes is a term as it stands.
        quoted = " ".join([f"'{term}'" for term in str(terms).split(" ")])
        return f"{number}\t{quoted.translate(ESCAPES)}\n"
    return "\t".join(["\\N" if it is None else str(it).translate(ESCAPES) for it in row]) + "\n"
