"""`flask backup FILE.tar`: while the server runs."""

from __future__ import annotations

import os
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Connection, select

from lumina import storage
from lumina.cli.backups import archive, databases
from lumina.cli.backups.archive import DATABASE, FILES, Manifest, Writer
from lumina.clock import real_now
from lumina.config import Config
from lumina.models import StoredFile
from lumina.services.files import THUMB

MOST_TOLD = 10


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write the database and all files into a new archive, FILE.

    First the database as it stands at one moment, then the files that it knows: they never change, so that each is there,
    but for those that are removed in between.
    """
    config: Config = current_app.config["LUMINA"]
    file = file.absolute()
    if file.exists():
        raise click.ClickException(f"{file} exists already.")
    if not file.parent.is_dir():
        raise click.ClickException(f"{file.parent} is no folder.")
    with tempfile.TemporaryDirectory(prefix=".lumina-backup-", dir=file.parent) as scratch:
        whole = Path(scratch) / "archive.tar"
        with _created(whole) as tar:
            manifest = _write(config, Writer(tar, int(real_now().timestamp())), Path(scratch) / "dump")
        with whole.open("rb") as written:
            os.fsync(written.fileno())
        whole.rename(file)
    _tell(file, manifest)


def _created(path: Path) -> tarfile.TarFile:
    """An archive that only its owner may read: it has everything that people have said."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return _OwnedTar.open(fileobj=os.fdopen(descriptor, "wb"), mode="w", format=tarfile.PAX_FORMAT)


class _OwnedTar(tarfile.TarFile):
    """Closes the file that it writes to."""

    def close(self) -> None:
        super().close()
        if self.fileobj:
            self.fileobj.close()


def _write(config: Config, writer: Writer, dump: Path) -> Manifest:
    with databases.dumped(config.database_url, dump) as connection:
        schema = databases.schema(connection)
        if schema is None:
            raise click.ClickException("There is nothing yet: the database has no schema.")
        writer.add(DATABASE, dump.stat().st_size, _blocks(dump))
        dump.unlink()
        kept = storage.opened(config.storage_url)
        absent, files = [], 0
        for key, sha256 in _keys(connection):
            try:
                size = kept.size(key)
                digest = writer.add(FILES + key, size, kept.read(key, 0, size))
            except storage.Missing:
                absent.append(key)
                continue
            except storage.Unreachable as error:
                raise click.ClickException(f"The files cannot be read: {error}") from None
            files += 1
            if sha256 and digest != sha256:
                click.echo(f"{key} is damaged where it is stored; it is kept as it is.", err=True)
        manifest = Manifest(
            made_at=real_now().isoformat(timespec="seconds"),
            database=config.database_url.get_backend_name(),
            schema=schema,
            rows=databases.rows(connection),
            files=files,
            absent=absent,
        )
    writer.close(manifest)
    return manifest


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(archive.BLOCK):
            yield block


def _keys(connection: Connection) -> Iterator[tuple[str, str | None]]:
    """The keys of all files, and the SHA-256 that their bytes should have; of small pictures it is not known."""
    rows = select(StoredFile.key, StoredFile.sha256, StoredFile.has_thumb).order_by(StoredFile.id)
    for key, sha256, has_thumb in connection.execute(rows).all():
        yield key, sha256
        if has_thumb:
            yield key + THUMB, None


def _tell(file: Path, manifest: Manifest) -> None:
    rows = sum(manifest.rows.values())
    click.echo(
        f"{file}: {rows} rows of {manifest.database} at schema {manifest.schema}, {manifest.files} files."
    )
    if manifest.absent:
        named = ", ".join(manifest.absent[:MOST_TOLD]) + (" …" if len(manifest.absent) > MOST_TOLD else "")
        click.echo(
            f"{len(manifest.absent)} files were not there (removed meanwhile, or not whole yet): {named}",
            err=True,
        )
