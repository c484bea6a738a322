"""Both databases: every test that asks for one runs on SQLite and on a real PostgreSQL."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.support import postgres, run_dir

NewDatabase = Callable[[str], str]
TEMPLATE = "lumina_template"


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    if request.param == "postgresql" and postgres.find_binaries() is None:
        pytest.skip("PostgreSQL is not installed")
    return request.param


@pytest.fixture(scope="session")
def new_database(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> NewDatabase:
    """Makes an empty database of the kind under test and returns its URL."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    folder: Path = tmp_path_factory.mktemp("databases")
    made = 0

    def make(name: str) -> str:
        nonlocal made
        made += 1
        if database_kind == "postgresql":
            return postgres.create_database(f"lumina_{worker}_{name}_{made}")
        return f"sqlite:///{folder}/{name}_{made}.db"

    return make


@pytest.fixture(scope="session")
def database_url(new_database: NewDatabase) -> str:
    """The database of the app that lives in the test's own process."""
    return new_database("app")


def migrate(url: str, upgrade: Callable[[str], object]) -> None:
    """Makes of an empty database what `upgrade` does, by a copy: it itself runs once for each kind in a test run."""
    if not url.startswith("sqlite:") and not postgres.is_of_the_run(url):
        upgrade(url)
        return
    database = make_url(url)
    template = _template(database.get_backend_name(), upgrade)
    if database.get_backend_name() == "postgresql":
        postgres.copy_database(TEMPLATE, str(database.database))
        return
    with (
        closing(sqlite3.connect(str(make_url(template).database))) as one,
        closing(sqlite3.connect(str(database.database))) as other,
    ):
        one.backup(other)


def _template(kind: str, upgrade: Callable[[str], object]) -> str:
    """The URL of the migrated database that others are copied from."""
    made = run_dir.path() / f"{TEMPLATE}.{kind}"
    with run_dir.locked(made.with_suffix(f".{kind}-lock")):
        if not made.exists():
            file = run_dir.path() / f"{TEMPLATE}.db"
            url = postgres.create_database(TEMPLATE) if kind == "postgresql" else f"sqlite:///{file}"
            upgrade(url)
            made.write_text(url)
    return made.read_text()
