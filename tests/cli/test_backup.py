"""`flask backup` and `restore`: what is in an archive, and what is refused. tests/live/test_backup.py moves house."""

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from click import ClickException
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from lumina import clock, storage
from lumina.cli.backups import databases, postgresql, restoring, sqlite
from lumina.cli.database import alembic_config
from lumina.config import Config
from lumina.extensions import db
from lumina.models import StoredFile, User
from tests.support import making
from tests.support.application import environment

pytestmark = pytest.mark.timeout(240)
NOTE = b"A note that nobody else has"
on_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


@pytest.fixture
def run(app, config, monkeypatch, tmp_path):
    """Runs a command; files are kept in a folder of the test's own."""
    monkeypatch.setitem(app.config, "LUMINA", replace(config, storage_url=f"file://{tmp_path}/uploads"))
    # Nothing of what is measured needs the commands that a restore runs, which being measured costs half as much again.
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)

    def run_command(*arguments, code=0):
        result = app.test_cli_runner().invoke(
            args=[str(argument) for argument in arguments], catch_exceptions=False
        )
        assert result.exit_code == code, result.output
        return result.output

    return run_command


@pytest.fixture
def archive(run, app, api, cast, tmp_path):
    """The cast, a message and a file."""
    conversation = making.direct(api, cast.owner, cast.member)
    making.say(api, cast.owner, conversation, "Before the backup")
    keep(app, NOTE)
    run("backup", tmp_path / "lumina.tar")
    return tmp_path / "lumina.tar"


def keep(app, content, key="0" * 32, has_thumb=False):
    """A file as the storage and the database have it."""
    opened = storage.opened(app.config["LUMINA"].storage_url)
    opened.put(key, io.BytesIO(content))
    sha256 = hashlib.sha256(content).hexdigest()
    with app.app_context():
        row = {"key": key, "size": len(content), "sha256": sha256, "has_thumb": has_thumb}
        db.session.add(StoredFile(**row, due_at=None, created_at=clock.now()))
        db.session.commit()


def members(archive):
    with tarfile.open(archive) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar.getmembers()}


def packed(archive, found):
    """An archive beside that one, of these members."""
    with tarfile.open(other := archive.with_name("other.tar"), "w") as tar:
        for name, content in found.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return other


def with_manifest(archive, **changes):
    found = members(archive)
    told = json.loads(found["manifest.json"]) | changes
    return packed(archive, found | {"manifest.json": json.dumps(told).encode()})


def digest(content):
    return hashlib.sha256(content).hexdigest().encode()


def nothing_left(app):
    """Whether no failed restore has left anything beside the database or in it."""
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            found = text("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'lumina_restoring%'")
            return db.session.scalar(found) == 0
        folder = Path(db.engine.url.database).parent
        return not [path for path in folder.iterdir() if "restor" in path.name]


def test_an_archive_has_the_database_the_files_and_their_checksums(archive, cast):
    found = members(archive)
    assert list(found) == ["database", f"files/{'0' * 32}", "checksums.txt", "manifest.json"]
    told = json.loads(found["manifest.json"])
    assert (told["files"], told["absent"], told["rows"]["stored_files"]) == (1, [], 1)
    assert told["rows"]["users"] >= 3
    assert archive.stat().st_mode & 0o777 == 0o600
    with tarfile.open(archive) as tar:
        tar.extractall(archive.parent / "unpacked", filter="data")
    checking = ["sha256sum", "--check", "--quiet", "checksums.txt"]
    subprocess.run(checking, cwd=archive.parent / "unpacked", check=True)


def test_what_was_removed_meanwhile_or_is_damaged_is_told(run, app, archive, tmp_path):
    keep(app, b"soon gone", key="1" * 32, has_thumb=True)
    keep(app, b"soon other bytes", key="2" * 32)
    opened = storage.opened(app.config["LUMINA"].storage_url)
    opened.remove("1" * 32)
    opened.put("2" * 32, io.BytesIO(b"other bytes"))
    told = run("backup", tmp_path / "second.tar")
    assert (
        f"2 files were not there (removed meanwhile, or not whole yet): {'1' * 32}, {'1' * 32}-thumb" in told
    )
    assert f"{'2' * 32} is damaged where it is stored" in told
    assert json.loads(members(tmp_path / "second.tar")["manifest.json"])["files"] == 2


def test_nothing_is_written_over_and_nothing_half(run, app, archive, tmp_path, monkeypatch):
    assert "exists already" in run("backup", archive, code=1)
    assert "is no folder" in run("backup", tmp_path / "no" / "lumina.tar", code=1)

    def away(*_):
        raise storage.Unreachable("out of reach")

    monkeypatch.setattr(storage.Folder, "size", away)
    before = sorted(tmp_path.iterdir())
    assert "The files cannot be read" in run("backup", tmp_path / "second.tar", code=1)
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_that_breaks_off_breaks_the_backup(run, archive, tmp_path, monkeypatch):
    monkeypatch.setattr(storage.Folder, "read", lambda *_: iter([NOTE[:5]]))
    assert "could not be written" in run("backup", tmp_path / "second.tar", code=1)
    assert not (tmp_path / "second.tar").exists()


def test_of_an_empty_database_there_is_no_backup(run, app, new_database, tmp_path, monkeypatch):
    url = Config.from_env(environment(new_database("bare"), tmp_path)).database_url
    monkeypatch.setitem(app.config, "LUMINA", replace(app.config["LUMINA"], database_url=url))
    assert "There is nothing yet" in run("backup", tmp_path / "bare.tar", code=1)


def test_damaged_archives_are_refused(run, app, archive, tmp_path):
    found, content = members(archive), archive.read_bytes()
    changed = content.replace(NOTE, NOTE[:-1] + b"!")
    assert changed != content
    (tmp_path / "cut.tar").write_bytes(content[: len(content) // 2])
    (tmp_path / "changed.tar").write_bytes(changed)
    (tmp_path / "none.tar").write_bytes(b"no archive at all")
    for name in ("cut", "changed", "none"):
        assert "The archive is damaged" in run("restore", "--force", tmp_path / f"{name}.tar", code=1)
    checksums = found["checksums.txt"]
    for changes in (
        {"../evil": b"x"},
        {"files/" + "3" * 32: b"one too many"},
        {"checksums.txt": checksums + b"0  files/x\n"},
        {"manifest.json": b"no JSON"},
        {"manifest.json": b"[]"},
        {"manifest.json": found["manifest.json"].replace(b'"rows"', b'"rose"')},
    ):
        assert "The archive is damaged" in run("restore", packed(archive, found | changes), code=1)
    # All sums are right, but what they are of is no database.
    for content in (b"no database", found["database"][: len(found["database"]) // 2]):
        changed = checksums.replace(digest(found["database"]), digest(content))
        told = json.loads(found["manifest.json"]) | {"checksums": digest(changed).decode()}
        changes = {"database": content, "checksums.txt": changed, "manifest.json": json.dumps(told).encode()}
        run("restore", "--force", packed(archive, found | changes), code=1)
    assert nothing_left(app)


def test_archives_from_elsewhere_are_refused(run, app, archive):
    for changes, words in (
        ({"format": 2}, "another version"),
        ({"database": "oracle"}, "The archive is of oracle"),
        ({"schema": "9999"}, "newer Lumina"),
    ):
        assert words in run("restore", "--force", with_manifest(archive, **changes), code=1)
    assert "--force" in run("restore", archive, code=1)


def test_a_restore_that_fails_changes_nothing(run, app, archive, tmp_path, monkeypatch):
    def refused(words, **changes):
        assert words in run("restore", "--force", with_manifest(archive, **changes), code=1)
        assert nothing_left(app)

    refused("does not have the rows", rows={"users": 99})
    # Our commands, without the seconds of starting them.
    upgraded = subprocess.CompletedProcess([], 0, "", "")
    failed = subprocess.CompletedProcess([], 1, "", "it went wrong")
    monkeypatch.setattr(restoring, "_command", lambda *_: failed)
    refused("could not be brought up to date:\nit went wrong")
    monkeypatch.setattr(restoring, "_command", lambda *_: upgraded)
    kept = storage.opened(app.config["LUMINA"].storage_url)
    kept.remove("0" * 32)

    def away(*_, **__):
        raise storage.Unreachable("out of reach")

    with monkeypatch.context() as patch:
        patch.setattr(storage.Folder, "put", away)
        refused("The files cannot be written: out of reach")
    with monkeypatch.context() as patch:
        patch.setattr(postgresql.Target, "swap", away)
        patch.setattr(restoring.databases.sqlite.Target, "swap", away)
        refused("The files cannot be written")
        with pytest.raises(storage.Missing):
            kept.size("0" * 32)
        patch.setattr(storage.Folder, "remove", away)
        refused("is left in the storage, which does not answer")


def test_a_bucket_is_backed_up_and_restored(
    run, app, api, cast, archive, config, s3_url, tmp_path, monkeypatch
):
    monkeypatch.setitem(app.config, "LUMINA", replace(config, storage_url=s3_url))
    storage.opened(s3_url).put("0" * 32, io.BytesIO(NOTE))
    run("backup", tmp_path / "bucket.tar")
    storage.opened(s3_url).remove("0" * 32)
    told = run("restore", "--force", tmp_path / "bucket.tar")
    assert "Restored as of" in told
    opened = storage.opened(s3_url)
    assert b"".join(opened.read("0" * 32, 0, len(NOTE))) == NOTE
    with app.app_context():
        db.session.remove()
        assert db.session.query(StoredFile).count() == 1
    assert nothing_left(app)


def test_a_ledger_that_is_not_true_is_restored_and_told(run, archive, monkeypatch):
    results = {"db": (0, ""), "ledger": (1, "Error: 1 differences.")}

    def command(_url, group, _name):
        code, errors = results[group]
        return subprocess.CompletedProcess([], code, "", errors)

    monkeypatch.setattr(restoring, "_command", command)
    told = run("restore", "--force", archive, code=1)
    assert "Restored as of" in told
    assert "the ledger is as it was:\nError: 1 differences." in told


def test_a_database_that_is_in_use_is_left_alone(tmp_path):
    url = Config.from_env(environment(f"sqlite:///{tmp_path}/used.db", tmp_path)).database_url
    with closing(sqlite3.connect(tmp_path / "used.db")) as user:
        user.execute("PRAGMA journal_mode=WAL")
        user.execute("CREATE TABLE used (id)")
        with pytest.raises(ClickException, match="stop the server first"):
            sqlite.Target(url).check()
    sqlite.Target(url).check()


def test_an_older_schema_is_brought_up_to_date(run, app, cast, new_database, config, tmp_path, monkeypatch):
    with app.app_context():
        alembic = alembic_config()
    older = list(ScriptDirectory.from_config(alembic).walk_revisions())[1].revision
    url = Config.from_env(environment(new_database("older"), tmp_path)).database_url
    alembic.attributes["engine"] = create_engine(url, poolclass=NullPool)
    command.upgrade(alembic, older)
    with monkeypatch.context() as patch:
        patch.setitem(app.config, "LUMINA", replace(app.config["LUMINA"], database_url=url))
        assert f"at schema {older}," in run("backup", tmp_path / "older.tar")
    assert "Restored as of" in run("restore", "--force", tmp_path / "older.tar")
    run("db", "check")
    with app.app_context():
        assert db.session.query(User).count() == 0


def test_a_missing_pg_dump_is_told(monkeypatch, tmp_path):
    connection = SimpleNamespace(dialect=SimpleNamespace(server_version_info=(15, 3)))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgresql, "DEBIAN", tmp_path)
    with pytest.raises(ClickException, match=r"pg_dump is missing: .* version 15 or newer"):
        postgresql._tool("pg_dump", connection)
    for version in ("9", "17", "15"):
        tool = tmp_path / version / "bin" / "pg_dump"
        tool.parent.mkdir(parents=True)
        tool.touch()
        assert postgresql._tool("pg_dump", connection) == str(tool)


def test_passwords_are_in_no_argument(config):
    url = config.database_url.set(drivername="postgresql+psycopg2", username="u", password="hunter2")
    assert "hunter2" not in postgresql._name(url)
    postgresql._run(["sh", "-c", 'test "$PGPASSWORD" = hunter2'], url)
    with pytest.raises(ClickException, match="false failed: it does not say why"):
        postgresql._run(["/usr/bin/false"], url)
    assert "PGPASSWORD" not in os.environ


@pytest.fixture
def held(new_database, tmp_path, monkeypatch):
    """A database of whose table somebody's transaction does not let go: its address, and how it takes hold."""
    url = Config.from_env(environment(new_database("held"), tmp_path)).database_url
    monkeypatch.setattr(postgresql, "LOCK_SECONDS", 1)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE notes AS SELECT 'of the site' AS content"))
    with engine.connect() as connection:
        yield url, lambda statement: connection.execute(text(statement))
        connection.rollback()
        # Whoever else has waited goes on, with all that was there.
        assert connection.scalar(text("SELECT content FROM notes")) == "of the site"


@on_postgresql
def test_a_restore_waits_for_nobody_long(held, capsys):
    """Behind it, as it waits, the site's queries would wait too."""
    url, take = held
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text("CREATE SCHEMA lumina_restoring CREATE TABLE notes (content text)"))
    take("SELECT * FROM notes")
    target = postgresql.Target(url)
    with pytest.raises(ClickException, match="Nothing has been changed"):
        target.swap(keep=False)
    take("SELECT * FROM lumina_restoring.notes")
    target.discard()
    assert "lumina_restoring is left" in capsys.readouterr().err


@on_postgresql
def test_a_backup_waits_for_nobody_long(held, tmp_path):
    url, take = held
    take("LOCK TABLE notes")
    with pytest.raises(ClickException, match="pg_stat_activity"), postgresql.dumped(url, tmp_path / "dump"):
        pass
    with pytest.raises(ClickException, match="pg_stat_activity"), databases.connected(url) as connection:
        databases.rows(connection, "notes")
