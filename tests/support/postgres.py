"""A private PostgreSQL for one test run: started by the first test that needs it, gone with the run."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg2
from psycopg2 import sql

from tests.support import run_dir

# Everything but the data's safety from a power cut is as in production.
SETTINGS = {"listen_addresses": "", "fsync": "off", "full_page_writes": "off", "max_connections": "200"}


def find_binaries() -> Path | None:
    """The folder of initdb and postgres: the newest of Debian's, or the PATH's."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def create_database(name: str) -> str:
    """Makes an empty database in the run's cluster and returns its URL."""
    _ensure_started(run_dir.path())
    _create(run_dir.path(), name, "template1")
    return f"postgresql://postgres@/{name}?host={_home(run_dir.path())}"


def copy_database(one: str, other: str) -> None:
    """Makes a database of the run's cluster anew, as another is."""
    _create(run_dir.path(), other, one)


def is_of_the_run(url: str) -> bool:
    """Whether a database is in the run's cluster."""
    return url.endswith(f"host={_home(run_dir.path())}")


def _create(run: Path, name: str, template: str) -> None:
    names = sql.Identifier(name), sql.Identifier(template)
    connection = _connect(run, "postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(names[0]))
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    connection.close()


def _home(run: Path) -> Path:
    return run / "postgres"


def _connect(run: Path, database: str) -> psycopg2.extensions.connection:
    return psycopg2.connect(host=str(_home(run)), user="postgres", dbname=database)


def _ensure_started(run: Path) -> None:
    with run_dir.locked(run / "postgres.lock"):
        if (run / "postgres.started").exists():
            return
        log = (run / "postgres.log").open("w")
        command = [sys.executable, "-m", "tests.support.postgres", str(run)]
        supervisor = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        _wait_until_ready(run, supervisor)
        (run / "postgres.started").touch()


def _wait_until_ready(run: Path, supervisor: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and supervisor.poll() is None:
        try:
            _connect(run, "postgres").close()
        except psycopg2.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{(run / 'postgres.log').read_text()}")


def supervise(run: Path) -> None:
    """Runs the cluster until the test run ends, even where that was killed."""
    with run_dir.locked(run / "supervised"):
        server = _start(run)
        run_dir.wait_for_end(run)
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
        shutil.rmtree(run, ignore_errors=True)


def _start(run: Path, settings: Mapping[str, str] = SETTINGS) -> subprocess.Popen[bytes]:
    home = _home(run)
    home.mkdir(mode=0o755)
    if user := _user():
        shutil.chown(home, user, user)
    options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    if _spawn(home, "initdb", "-D", str(home / "data"), *options).wait() != 0:
        raise RuntimeError("initdb failed")
    return _serve(home, settings)


def _serve(home: Path, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    options = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
    return _spawn(home, "postgres", "-D", str(home / "data"), "-k", str(home), *options)


def _spawn(home: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    binaries, user = find_binaries(), _user()
    if binaries is None:
        raise FileNotFoundError(name)
    groups = [] if user else None
    return subprocess.Popen(
        [binaries / name, *arguments], cwd=home, user=user, group=user, extra_groups=groups
    )


def _user() -> str | None:
    """PostgreSQL refuses to run as root."""
    return "postgres" if os.getuid() == 0 else None


class Cluster:
    """One of a test's own, which can be stopped and started again."""

    def __init__(self, folder: Path, settings: Mapping[str, str] = SETTINGS) -> None:
        self._folder, self._settings = folder, settings
        self._server = _start(folder, settings)
        _wait_until_ready(folder, self._server)

    def create_database(self, name: str, template: str = "template1") -> str:
        """Makes an empty database, or a copy of one, and returns its URL."""
        _create(self._folder, name, template)
        return f"postgresql://postgres@/{name}?host={_home(self._folder)}"

    def stop(self) -> None:
        """As at a restart of the machine: whoever is connected is thrown out."""
        self._server.send_signal(signal.SIGINT)
        self._server.wait(30)

    def start(self) -> None:
        self._server = _serve(_home(self._folder), self._settings)
        _wait_until_ready(self._folder, self._server)


if __name__ == "__main__":
    supervise(Path(sys.argv[1]))
