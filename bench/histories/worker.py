"""The application on one database, in a process of its own, which carries out cases and says what each took."""

from __future__ import annotations

import os
import time
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import text

from histories.cases import CASES, Act
from histories.visitor import Visitor
from lumina import create_app
from lumina.config import Config
from lumina.extensions import db


class Took(NamedTuple):
    """Seconds by the clock, and of CPU: this process's, and those of PostgreSQL's that serve it."""

    wall: float
    cpu: float


def work(url: str, is_small: bool, pipe: Connection) -> None:
    """Answer each (case number, first turn, turns) with what the turns took, until the pipe is closed."""
    with TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "LUMINA_INSTANCE": folder,
            "RATELIMIT_ENABLED": "0",
            "ACCESS_TOKEN_SECONDS": "86400",
        }
        app = create_app(Config.from_env(environment))
        visitor = Visitor(app)
        with app.app_context():
            meter = Meter(db.engine.dialect.name == "postgresql")
        pipe.send(None)
        while True:
            try:
                number, first, turns = pipe.recv()
            except EOFError:
                return
            case = CASES[number]
            act = case.usual if is_small and case.usual else case.act
            pipe.send(
                [_timed(meter, visitor, case.before, act, turn) for turn in range(first, first + turns)]
            )


def _timed(meter: Meter, visitor: Visitor, before: Act | None, act: Act, turn: int) -> Took:
    if before:
        before(visitor, turn)
    wall, cpu = time.perf_counter(), meter.read()
    act(visitor, turn)
    return Took(time.perf_counter() - wall, meter.read() - cpu)


class Meter:
    """Seconds of CPU so far."""

    def __init__(self, has_backends: bool) -> None:
        found = _backends() if has_backends else []
        self.files = [Path(f"/proc/{pid}/schedstat") for pid in found]

    def read(self) -> float:
        served = sum(int(file.read_text().split()[0]) for file in self.files)
        return time.process_time() + served / 1e9


def _backends() -> list[int]:
    statement = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
    return list(db.session.scalars(statement))
