"""SQLite: a dump is a copy by the online backup API; restored, it is a file that takes the other's place."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from click import ClickException
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool


@contextmanager
def dumped(url: URL, into: Path) -> Iterator[Connection]:
    """One step copies all pages in one read transaction; in WAL mode writers go on meanwhile."""
    with closing(sqlite3.connect(str(url.database))) as source, closing(sqlite3.connect(into)) as copy:
        source.backup(copy)
        # A file of its own, with no log beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
    # Open, so that the copy may be unlinked once it is in the archive.
    with create_engine(url.set(database=str(into)), poolclass=NullPool).connect() as connection:
        yield connection


class Target:
    """The file of DATABASE_URL, and beside it the staged one."""

    def __init__(self, url: URL) -> None:
        self._path = Path(str(url.database))
        self._staged = self._path.with_name(f"{self._path.name}.restoring")
        self.staged_url = url.set(database=str(self._staged))

    def check(self) -> None:
        if self._path.exists() and not _stands_alone(self._path):
            raise ClickException("The database is in use: please stop the server first.")

    def stage(self, dump: Path) -> None:
        dump.rename(self._staged)
        with closing(sqlite3.connect(self._staged)) as staged:
            try:
                [(verdict,)] = staged.execute("PRAGMA integrity_check(1)").fetchall()
            except sqlite3.DatabaseError as error:
                verdict = str(error)
        if verdict != "ok":
            raise ClickException(f"The database in the archive is broken: {verdict}")

    def swap(self, *, keep: bool) -> str | None:
        self.check()
        if not _stands_alone(self._staged):
            raise ClickException("The restored database is in use.")
        with self._staged.open("rb") as file:
            os.fsync(file.fileno())
        former = self._path.with_name(f"{self._path.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}")
        if keep:
            os.link(self._path, former)
        self._staged.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        return str(former) if keep else None

    def discard(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            self._staged.with_name(self._staged.name + suffix).unlink(missing_ok=True)


def _stands_alone(path: Path) -> bool:
    """Take the log into the file, which can be done only where nobody else has it open; whether it was done."""
    with closing(sqlite3.connect(path, timeout=0)) as connection:
        try:
            [(mode,)] = connection.execute("PRAGMA journal_mode=DELETE").fetchall()
        except sqlite3.OperationalError:
            return False
    return bool(mode == "delete")
