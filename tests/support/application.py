"""The app in the test's own process: made once for each database, its tables emptied for every test."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from lumina import create_app
from lumina.config import Config
from lumina.extensions import db, limiter
from lumina.services import hashing
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
    with app.app_context():
        event.listen(db.engine, "connect", _write_without_waiting)
    # One lane: the usual four are four threads for every hash, which takes less time than their start.
    hashing._hasher = PasswordHasher(config.argon2_time_cost, config.argon2_memory_kib, parallelism=1)
    migration = app.test_cli_runner().invoke(args=["db", "upgrade"], catch_exceptions=False)
    assert migration.exit_code == 0, migration.output
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _write_without_waiting(connection: DBAPIConnection, _record: object) -> None:
    """A test's data need not survive a power cut; PostgreSQL is started with the like."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def app(migrated_app: Flask) -> Flask:
    """The app on an empty database. No app context stays open: each request and each block opens its own."""
    with migrated_app.app_context():
        db.session.remove()
        empty(db.engine)
    return migrated_app


def empty(engine: Engine) -> None:
    """Removes every row, of what is append-only too: a test's database begins anew."""
    deletions = [f"DELETE FROM {table.name}" for table in reversed(db.metadata.sorted_tables)]
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # At once, and for this transaction without any trigger.
            statements = ["SET LOCAL session_replication_role = replica", *deletions]
            connection.exec_driver_sql("; ".join(statements))
            return
        guards = _unguarded(connection)
        for sql in [*deletions, *guards]:
            connection.exec_driver_sql(sql)


def _unguarded(connection: Connection) -> list[str]:
    """Takes SQLite's triggers away where one would refuse; what makes them again."""
    if not any(connection.exec_driver_sql(f"SELECT 1 FROM {name} LIMIT 1").first() for name in APPEND_ONLY):
        return []
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _ in rows:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
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
