"""The extensions, made here without an app and bound to one in create_app."""

from __future__ import annotations

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

from lumina.config import Config


class Base(DeclarativeBase):
    pass


# Rows stay readable after the commit, so that a door can present them without asking again.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
login_manager = LoginManager()
csrf = CSRFProtect()
socketio = SocketIO()


class Limiter:
    """Counts in memory, or in Redis where REDIS_URL is set; lifts every limit with RATELIMIT_ENABLED=0."""

    def init_app(self, app: Flask) -> None:
        config: Config = app.config["LUMINA"]
        self.enabled = config.ratelimit_enabled
        self.strategy = MovingWindowRateLimiter(
            storage_from_string(config.redis_url or "memory://", wrap_exceptions=True)
        )


limiter = Limiter()


def init_database(app: Flask) -> None:
    """Bind the database and set up each new connection."""
    db.init_app(app)
    with app.app_context():
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
    cursor.close()
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("lumina_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
