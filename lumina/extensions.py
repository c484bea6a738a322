"""The extensions, made here without an app and bound to one in create_app."""

from __future__ import annotations

from time import monotonic
from typing import Any

from flask import Flask
from flask_login import LoginManager
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from lumina import metrics
from lumina.config import Config


class Base(DeclarativeBase):
    pass


# Rows stay readable after the commit, so that a door can present them without asking again.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
login_manager = LoginManager()
csrf = CSRFProtect()
socketio = SocketIO()


class Limiter:
    """Counts in memory, or in Redis where REDIS_URL is set; lifts every limit with RATELIMIT_ENABLED=0.

    `spare` counts in memory while Redis cannot be reached: each process by itself, so that people can still sign in.
    """

    def init_app(self, app: Flask) -> None:
        config: Config = app.config["LUMINA"]
        self.enabled = config.ratelimit_enabled
        options = {"socket_timeout": 1, "socket_connect_timeout": 1} if config.redis_url else {}
        self.strategy = MovingWindowRateLimiter(
            storage_from_string(config.redis_url or "memory://", wrap_exceptions=True, **options)
        )
        self.spare = MovingWindowRateLimiter(storage_from_string("memory://"))


limiter = Limiter()


# Seconds for which a connection that has just been used is taken to be alive: no server restarts within that.
ALIVE = 0.2


class Pool(QueuePool):
    """SQLAlchemy's own, that knows how many wait for it: for one of its connections, or for a new one to open. It asks no
    connection whether it is still alive (`pool_pre_ping`) that has answered a moment ago."""

    waiting = 0

    @property
    def most(self) -> int:
        return self.size() + self._max_overflow

    def _do_get(self) -> ConnectionPoolEntry:
        self.waiting += 1
        try:
            entry: Any = super()._do_get()
        finally:
            self.waiting -= 1
        # What is fresh is not asked.
        entry.fresh = entry.fresh or monotonic() - entry.info.get("returned_at", 0) < ALIVE
        return entry  # type: ignore[no-any-return]

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        record.info["returned_at"] = monotonic()
        super()._do_return_conn(record)


def init_database(app: Flask) -> None:
    """Bind the database, set up each new connection, and have the pool's state told."""
    app.config["SQLALCHEMY_ENGINE_OPTIONS"]["poolclass"] = Pool
    db.init_app(app)
    with app.app_context():
        engine: Any = db.engine
        # By the engine, which makes itself a new pool when the old one is disposed of.
        metrics.watch(metrics.pool_size, lambda: engine.pool.most)
        metrics.watch(metrics.pool_used, lambda: engine.pool.checkedout())
        metrics.watch(metrics.pool_waiting, lambda: engine.pool.waiting)
        if app.config["LUMINA"].sqlite:
            event.listen(db.engine, "connect", _set_up_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)
        else:
            event.listen(db.engine, "connect", _set_up_postgresql)


def _set_up_sqlite(connection: DBAPIConnection, _record: object) -> None:
    # The driver's own transactions begin too late to be trusted: we begin them, below.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=5000", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _set_up_postgresql(connection: DBAPIConnection, _record: object) -> None:
    # Compiling costs a tenth of a second, workers take some hundredths to begin: no statement of ours runs long enough
    # to gain from either.
    cursor = connection.cursor()
    cursor.execute("SET jit = off")
    cursor.execute("SET max_parallel_workers_per_gather = 0")
    # Of rows in memory, looking one up costs as much as reading six in passing, where the planner's own costs say thirty: it
    # would read all 100,000 conversations for somebody's 5,000.
    cursor.execute("SET cpu_tuple_cost = 0.1")
    cursor.close()
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("lumina_writes"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # Waits for nothing and cannot fail, so the driver is asked directly: the layers above cost more than a statement.
        connection.connection.cursor().execute("BEGIN")
