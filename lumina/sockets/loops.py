"""What the server does by itself, again and again, from its start to its end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask

from lumina.extensions import socketio

log = logging.getLogger(__name__)


class Loops:
    """Work in the background of one app. Where a round of it pauses, the server sees to others and may end it."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopping = threading.Event()
        self._tasks: list[Any] = []

    def run(self, round_: Callable[[], Iterator[None]], *, every: float) -> None:
        """Do `round_` now, and again so many seconds after it has ended."""
        self._tasks.append(socketio.start_background_task(self._repeat, round_, every))

    def beside(self, work: Callable[[], None]) -> None:
        """Do `work` once, beside everything else; it may wait for a network."""
        socketio.start_background_task(self._inside, work)

    def stop(self) -> None:
        """Let no further round begin, and those under way end at their next pause."""
        self._stopping.set()

    def join(self) -> None:
        """Wait until they have ended."""
        for task in self._tasks:
            task.join()

    def _repeat(self, round_: Callable[[], Iterator[None]], every: float) -> None:
        while not self._stopping.is_set():
            try:
                self._inside(lambda: self._pausing(round_()))
            except Exception:
                log.exception("a round in the background failed")
            self._stopping.wait(every)

    def _inside(self, work: Callable[[], None]) -> None:
        with self._app.app_context():
            work()

    def _pausing(self, steps: Iterator[None]) -> None:
        for _ in steps:
            if self._stopping.is_set():
                return
            socketio.sleep(0)
