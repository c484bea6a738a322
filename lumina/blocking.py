"""Work that would hold up the event loop goes to a real thread from here, and from nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from eventlet import patcher, tpool

T = TypeVar("T")


def run(work: Callable[..., T], *args: object) -> T:
    """Run CPU-heavy or blocking `work` in a thread while the event loop goes on; its result or its exception."""
    if patcher.is_monkey_patched("thread"):
        return cast(T, tpool.execute(work, *args))
    return work(*args)
