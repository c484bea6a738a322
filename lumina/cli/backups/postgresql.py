"""PostgreSQL: a dump is pg_dump's; restored, it is staged as a schema, which then takes the name of the other.

So all happens within one database, for which no right to make others is needed, as few platforms give it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from click import ClickException
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

DEBIAN = Path("/usr/lib/postgresql")
LIVE, STAGED, ASIDE = "public", "lumina_restoring", "lumina_aside"
OWNERLESS = ("--no-owner", "--no-privileges")
# For how long a lock is waited for, while the site's own queries queue behind the one who waits; and for each
# statement of the swap, which waits for a lock on every table.
LOCK_SECONDS, SWAP_SECONDS = 5, 20
# What PostgreSQL calls it when either is over.
LOCK_NOT_AVAILABLE, QUERY_CANCELED = "55P03", "57014"


class Held(ClickException):
    """Somebody does not let go of a table."""

    def __init__(self) -> None:
        super().__init__(
            "Something holds on to the database's tables: a migration, or a transaction that was never ended. "
            "pg_stat_activity names it; stop the server or end it, and try again. Nothing has been changed."
        )


@contextmanager
def dumped(url: URL, into: Path) -> Iterator[Connection]:
    """By pg_dump, from the very snapshot that the connection sees."""
    with unheld(), engine(url).connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        command = [
            _tool("pg_dump", connection),
            "--format=custom",
            f"--file={into}",
            f"--snapshot={snapshot}",
            f"--lock-wait-timeout={LOCK_SECONDS}s",
        ]
        # Where a restore has kept what was there before.
        _run([*command, *OWNERLESS, "--exclude-schema=lumina_*", f"--dbname={_name(url)}"], url)
        yield connection


class Target:
    """The schema `public` of DATABASE_URL's database, and beside it the staged one."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self.staged_url = url.update_query_dict({"options": f"-csearch_path={STAGED}"})

    def check(self) -> None:
        """A running server does no harm, and takes none: it goes on with what it finds."""

    def stage(self, dump: Path) -> None:
        with engine(self._url).connect() as connection:
            tools = [_tool(name, connection) for name in ("pg_restore", "psql")]
        # The dump names `public`: for one transaction, which nobody sees, that is another schema.
        before = f"SET lock_timeout = '{LOCK_SECONDS}s'; DROP SCHEMA IF EXISTS {STAGED} CASCADE; "
        before += f"ALTER SCHEMA {LIVE} RENAME TO {ASIDE}; CREATE SCHEMA {LIVE}"
        after = f"ALTER SCHEMA {LIVE} RENAME TO {STAGED}; ALTER SCHEMA {ASIDE} RENAME TO {LIVE}"
        script = [tools[0], *OWNERLESS, "--file=-", str(dump)]
        into = [
            tools[1],
            "--no-psqlrc",
            "--quiet",
            "--output=/dev/null",
            "--set=ON_ERROR_STOP=1",
            "--single-transaction",
        ]
        into += [f"--command={before}", "--file=-", f"--command={after}", f"--dbname={_name(self._url)}"]
        with subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as restoring:
            _run(into, self._url, stdin=restoring.stdout)
            assert restoring.stderr
            errors = restoring.stderr.read()
        if restoring.returncode:
            raise ClickException(f"pg_restore failed: {_last(errors)}")

    def swap(self, *, keep: bool) -> str | None:
        former = f"lumina_before_{datetime.now(UTC):%Y%m%d_%H%M%S_%f}"
        with unheld(), engine(self._url).begin() as connection:
            connection.execute(text(f"SET LOCAL statement_timeout = '{SWAP_SECONDS}s'"))
            connection.execute(text(f"ALTER SCHEMA {LIVE} RENAME TO {former}"))
            connection.execute(text(f"ALTER SCHEMA {STAGED} RENAME TO {LIVE}"))
            if not keep:
                connection.execute(text(f"DROP SCHEMA {former} CASCADE"))
        return f"the schema {former}" if keep else None

    def discard(self) -> None:
        try:
            with unheld(), engine(self._url).begin() as connection:
                connection.execute(text(f"DROP SCHEMA IF EXISTS {STAGED} CASCADE"))
        except Held:
            click.echo(f"The schema {STAGED} is left, as something holds on to its tables.", err=True)


def engine(url: URL) -> Engine:
    """To the database, for connections that may work for long but wait for nobody long; `unheld` tells it."""
    made = create_engine(url, poolclass=NullPool, hide_parameters=True)
    event.listen(made, "connect", _set_limits)
    return made


def _set_limits(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
    # Platforms limit both for the sake of their sites.
    cursor.execute("SET statement_timeout = 0")
    cursor.execute("SET idle_in_transaction_session_timeout = 0")
    cursor.close()
    connection.commit()


@contextmanager
def unheld() -> Iterator[None]:
    """Raises Held for what waited too long."""
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "pgcode", None) in (LOCK_NOT_AVAILABLE, QUERY_CANCELED):
            raise Held from None
        raise


def _tool(name: str, connection: Connection) -> str:
    """pg_dump and its like: of the server's version where Debian has it, else what is on the PATH, else the newest."""
    version, _ = connection.dialect.server_version_info[:2]  # type: ignore[index]
    others = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    candidates = [DEBIAN / str(version) / "bin" / name, shutil.which(name), *reversed(others)]
    for candidate in candidates:
        if candidate and Path(candidate).exists():
            return str(candidate)
    raise ClickException(
        f"{name} is missing: please install PostgreSQL's client programs, version {version} or newer."
    )


def _name(url: URL) -> str:
    """The database as libpq's programs take it. The password is in no argument, which all users of a machine can read."""
    # `set` takes a None for "as it is".
    return url._replace(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _run(command: list[str], url: URL, **options: Any) -> None:
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, check=False, **options)
    # In whatever language the reason is told, the statement that waited is named.
    if done.returncode and "LOCK TABLE" in done.stderr:
        raise Held
    if done.returncode:
        raise ClickException(f"{Path(command[0]).name} failed: {_last(done.stderr)}")


def _last(errors: str) -> str:
    return errors.strip().rpartition("\n")[2] or "it does not say why"
