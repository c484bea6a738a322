"""What is noted of each client event: its duration and its outcome. In the metrics, and where it matters in the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from lumina import logs, metrics

log = logging.getLogger("lumina.events")
# Every message is an event: told of are those that took longer than this or met a fault, at "debug" all others too.
SLOW = 1.0
OUR_FAULT = {"internal_error", "unavailable"}


@dataclass(slots=True)
class Noted:
    """One event as it is being carried out; `outcome` is ok, or the code of the refusal."""

    around: logs.Around
    outcome: str = "ok"

    def by(self, user_id: int) -> None:
        """Who is behind it."""
        self.around.user_id = user_id


@contextmanager
def event(name: str) -> Iterator[Noted]:
    """A block that carries out this event, with an id of its own in the log."""
    began = time.perf_counter()
    with logs.within() as around:
        noted = Noted(around)
        try:
            yield noted
        finally:
            _note(name, noted.outcome, time.perf_counter() - began)


def _note(name: str, outcome: str, seconds: float) -> None:
    _series(name, outcome).observe(seconds)
    level = logging.WARNING if seconds > SLOW or outcome in OUR_FAULT else logging.DEBUG
    if log.isEnabledFor(level):
        fields = {"event": name, "outcome": outcome, "duration_ms": round(seconds * 1000, 1)}
        log.log(level, "event", extra={"fields": fields})


@cache
def _series(name: str, outcome: str) -> Any:
    return metrics.socket_events.labels(name, outcome)
