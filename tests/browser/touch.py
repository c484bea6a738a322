"""A finger on the glass, as Chromium gets it from a phone: the browser may take it for scrolling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import CDPSession, Page

# Between two steps of a finger, in milliseconds.
STEP = 30


@contextmanager
def touching(page: Page, x: float, y: float) -> Iterator[Callable[..., None]]:
    """A finger put down at a place, lifted at the end; what it gives moves it along (x, y), one after another."""
    session = page.context.new_cdp_session(page)
    _touch(session, "touchStart", (x, y))

    def move(*places: tuple[float, float]) -> None:
        for place in places:
            _touch(session, "touchMove", place)
            page.wait_for_timeout(STEP)

    yield move
    _touch(session, "touchEnd")
    session.detach()


def _touch(session: CDPSession, kind: str, *places: tuple[float, float]) -> None:
    points = [{"x": x, "y": y} for x, y in places]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
