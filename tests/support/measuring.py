"""What coverage.py is spared: to follow every line takes half as long again as the lines themselves.

What pages, the API and the real server do on PostgreSQL, they do on SQLite too, and are measured there. The operations
below them, which have lines for one database alone, are measured on both. And a test that only talks to a server or a
browser runs nothing of lumina's in its own process.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from coverage import Coverage

from tests.support.reporting import database_kind_of

TESTS = Path(__file__).parents[1]
MEASURED_ON = {"sqlite"}
MEASURED_ONCE = {TESTS / "api", TESTS / "pages"}
ELSEWHERE = {TESTS / "live", TESTS / "browser"}
_paused: list[Coverage] = []


def _is_measured(item: pytest.Item) -> bool:
    folder = item.path.parent
    if folder in ELSEWHERE:
        return "app" in getattr(item, "fixturenames", ())
    return folder not in MEASURED_ONCE or database_kind_of(item) in {None, *MEASURED_ON}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    if _is_measured(item):
        _measure()
    else:
        _pause()
    return (yield)


def pytest_unconfigure() -> None:
    _measure()


def _pause() -> None:
    measuring = Coverage.current()
    if measuring:
        measuring.stop()
        _paused.append(measuring)


def _measure() -> None:
    if _paused:
        _paused.pop().start()
