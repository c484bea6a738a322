"""Waiting in line within this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Queues:
    """One lock per key, kept only while somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def turn(self, key: str) -> Iterator[None]:
        """Wait for one's turn at `key`, and pass it on afterwards."""
        lock = self._join(key)
        try:
            with lock:
                yield
        finally:
            self._leave(key)

    def _join(self, key: str) -> threading.Lock:
        with self._guard:
            lock, waiting = self._locks.get(key, (None, 0))
            lock = lock or threading.Lock()
            self._locks[key] = lock, waiting + 1
            return lock

    def _leave(self, key: str) -> None:
        with self._guard:
            lock, waiting = self._locks.pop(key)
            if waiting > 1:
                self._locks[key] = lock, waiting - 1
