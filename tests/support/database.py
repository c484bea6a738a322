"""Both databases: every test that asks for one runs on SQLite and on a real PostgreSQL."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import postgres

NewDatabase = Callable[[str], str]


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
