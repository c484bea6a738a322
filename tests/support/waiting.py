"""Waiting for what happens elsewhere, with an end."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(ask: Callable[[], T], timeout: float = 10) -> T:
    """Asks until the answer is true; returns the last one, to be asserted."""
    deadline = time.monotonic() + timeout
    while not (answer := ask()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return answer
