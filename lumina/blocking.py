"""Work that would hold up the event loop goes to a real thread from here, and from nowhere else."""

from __future__ import annotations

import subprocess
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TypeVar, cast

# As in wsgi.py: commands come here without it.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

from eventlet import patcher, tpool

T = TypeVar("T")
# What subprocess.run raises of a process that lasts too long; on the event loop it is not the class of that name.
OVERDUE = (subprocess.TimeoutExpired, patcher.original("subprocess").TimeoutExpired)


def run(work: Callable[..., T], *args: object) -> T:
    """Run CPU-heavy or blocking `work` in a thread while the event loop goes on; its result or its exception."""
    if patcher.is_monkey_patched("thread"):
        return cast(T, tpool.execute(work, *args))
    return work(*args)


def original(module: str) -> ModuleType:
    """A module of the standard library as it is without the event loop, for work that has a thread of its own."""
    return cast(ModuleType, patcher.original(module))


@contextmanager
def alarm(seconds: float, act: Callable[[], None]) -> Iterator[None]:
    """Call `act` from another thread should the block last longer than that."""
    timer = original("threading").Timer(seconds, act)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
