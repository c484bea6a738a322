"""The app in the test's own process: made once for each database, its tables emptied for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import Connection, Engine, text

from lumina import create_app
from lumina.config import Config
from lumina.extensions import db, limiter
from tests.support.api import Api

APPEND_ONLY = ("audit_entries", "ledger_entries", "ledger_transactions")


def environment(database_url: str, instance: Path) -> dict[str, str]:
    """What a test's server or app is configured by; limits of rate are for the tests that ask for them, and
    hashes of passwords cost next to nothing."""
    return {
        "ARGON2_MEMORY_KIB": "64",
        "ARGON2_TIME_COST": "1",
        "DATABASE_URL": database_url,
        "JWT_SECRET": "a secret for the tokens of tests",
        "LUMINA_INSTANCE": str(instance),
        "LUMINA_TEST_CLOCK": "1",
        "RATELIMIT_ENABLED": "0",
        "SECRET_KEY": "a secret for the sessions of tests",
    }


@pytest.fixture(scope="session")
def config(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Config:
    return Config.from_env(environment(database_url, tmp_path_factory.mktemp("instance")))


@pytest.fixture(scope="session")
def migrated_app(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    app.testing = True
    migration = app.test_cli_runner().invoke(args=["db", "upgrade"], catch_exceptions=False)
    assert migration.exit_code == 0, migration.output
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(migrated_app: Flask) -> Flask:
    """The app on an empty database. No app context stays open: each request and each block opens its own."""
    with migrated_app.app_context():
        db.session.remove()
        empty(db.engine)
    return migrated_app


def empty(engine: Engine) -> None:
    """Removes every row, of what is append-only too: a test's database begins anew."""
    with engine.begin() as connection:
        kept = [name for name in APPEND_ONLY if connection.scalar(text(f"SELECT 1 FROM {name} LIMIT 1"))]
        refusing = _unguarded(connection) if kept else []
        for table in reversed(db.metadata.sorted_tables):
            # PostgreSQL refuses to delete what is not even there.
            if kept or table.name not in APPEND_ONLY:
                connection.execute(table.delete())
        for sql in refusing:
            connection.execute(text(sql))


def _unguarded(connection: Connection) -> list[str]:
    """Takes the triggers away, on PostgreSQL for this transaction; what makes those of SQLite again."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return []
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in rows:
        connection.execute(text(f"DROP TRIGGER {name}"))
    return [sql for _, sql in rows]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts: it keeps cookies."""
    return app.test_client()


@pytest.fixture
def api(app: Flask) -> Api:
    """The JSON API: api.get(...) for nobody, api.as_(cast.owner).post(...) for somebody."""
    return Api(app)


@pytest.fixture
def rate_limits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the limits of rate in force, all counters at zero."""
    monkeypatch.setattr(limiter, "enabled", True)
    monkeypatch.setattr(limiter, "strategy", MovingWindowRateLimiter(MemoryStorage()))
