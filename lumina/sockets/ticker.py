"""What has to be looked at now and then, twice a second, from the first connection on."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, current_app

from lumina.extensions import socketio

log = logging.getLogger(__name__)
EVERY = 0.5
_jobs: list[Callable[[], None]] = []
_running: set[int] = set()


def job(work: Callable[[], None]) -> Callable[[], None]:
    """Have `work` done at every tick; it must be quick when there is nothing to do."""
    _jobs.append(work)
    return work


def start() -> None:
    """Begin to tick for this app, once."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if id(app) not in _running:
        _running.add(id(app))
        socketio.start_background_task(_tick, app)


def _tick(app: Flask) -> None:
    while True:
        socketio.sleep(EVERY)
        for work in _jobs:
            try:
                with app.app_context():
                    work()
            except Exception:
                log.exception("a tick failed")
