"""`flask restore FILE.tar`: all of it, or nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import URL

from lumina import storage
from lumina.cli.backups import archive, databases
from lumina.cli.backups.archive import DATABASE, Manifest, Reader
from lumina.cli.backups.databases import Target
from lumina.cli.database import alembic_config
from lumina.config import ROOT, Config
from lumina.extensions import db
from lumina.storage import Storage


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--force", is_flag=True, help="Also where there are people already; their database is set aside."
)
@with_appcontext
def restore(file: Path, force: bool) -> None:
    """Bring back what `flask backup` has written to FILE, into an instance that nobody has used yet.

    The database is made ready beside the other and takes its place at the very end, when the files are there. An older
    schema is brought up to date. The server must not run.
    """
    config: Config = current_app.config["LUMINA"]
    target = databases.target(config.database_url)
    with archive.opened(file.absolute()) as reader:
        _check(config, reader.manifest)
        is_empty = _is_empty(config)
        if not (is_empty or force):
            raise click.ClickException("There are people or files already; with --force they are replaced.")
        target.check()
        try:
            _stage(target, reader)
            ledger = _command(target.staged_url, "ledger", "check")
            with _put(storage.opened(config.storage_url), reader):
                former = target.swap(keep=not is_empty)
        finally:
            target.discard()
    _tell(reader.manifest, former)
    click.echo(ledger.stdout, nl=False)
    if ledger.returncode:
        raise click.ClickException(
            f"All of it is restored, but the ledger is as it was:\n{ledger.stderr.strip()}"
        )


def _check(config: Config, manifest: Manifest) -> None:
    """Raises ClickException for an archive that cannot come here."""
    ours = config.database_url.get_backend_name()
    if manifest.database != ours:
        raise click.ClickException(f"The archive is of {manifest.database}, DATABASE_URL of {ours}.")
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if manifest.schema not in known:
        raise click.ClickException(f"The archive is of a newer Lumina (schema {manifest.schema}).")


def _is_empty(config: Config) -> bool:
    with databases.connected(config.database_url) as connection:
        is_empty = databases.is_empty(connection)
    # Whether somebody else has the database open shows only where we have not.
    db.session.remove()
    db.engine.dispose()
    return is_empty


def _stage(target: Target, reader: Reader) -> None:
    """The staged database, with every row, at our schema."""
    with tempfile.TemporaryDirectory(prefix=".lumina-restore-", dir=_scratch(target.staged_url)) as scratch:
        dump = Path(scratch) / "dump"
        with reader.open(DATABASE) as packed, dump.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, archive.BLOCK)
        target.stage(dump)
    with databases.connected(target.staged_url) as connection:
        if databases.rows(connection) != reader.manifest.rows:
            raise click.ClickException("The restored database does not have the rows that were backed up.")
    upgrade = _command(target.staged_url, "db", "upgrade")
    if upgrade.returncode:
        raise click.ClickException(f"The schema could not be brought up to date:\n{upgrade.stderr.strip()}")


def _scratch(url: URL) -> Path | None:
    """Beside SQLite's file, so that the dump becomes it by a mere move."""
    if url.get_backend_name() == "sqlite":
        folder = Path(str(url.database)).parent
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    return None


def _command(url: URL, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of ours on the staged database, in a process of its own: this one's app is bound to the other."""
    own = {"DATABASE_URL": url.render_as_string(hide_password=False), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "flask", "--app", "lumina", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=False
    )


@contextmanager
def _put(kept: Storage, reader: Reader) -> Iterator[None]:
    """With all files in the storage. Those that were not there before go again where the block fails."""
    new: list[str] = []
    try:
        for key, file in reader.files():
            if not _has(kept, key):
                new.append(key)
            with file:
                kept.put(key, file)
        yield
    except storage.Unreachable as error:
        _remove(kept, new)
        raise click.ClickException(f"The files cannot be written: {error}") from None
    except BaseException:
        _remove(kept, new)
        raise


def _has(kept: Storage, key: str) -> bool:
    try:
        kept.size(key)
    except storage.Missing:
        return False
    return True


def _remove(kept: Storage, keys: list[str]) -> None:
    for key in keys:
        try:
            kept.remove(key)
        except storage.Unreachable:
            click.echo(f"{key} is left in the storage, which does not answer.", err=True)


def _tell(manifest: Manifest, former: str | None) -> None:
    click.echo(
        f"Restored as of {manifest.made_at}: {sum(manifest.rows.values())} rows, {manifest.files} files."
    )
    if manifest.absent:
        click.echo(f"{len(manifest.absent)} files were not there when it was backed up.")
    if former:
        click.echo(f"What was there before is kept as {former}, and its files are where they were.")
