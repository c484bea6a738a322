"""Windows that serve one test after another: a new one costs a process and everything it loads anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.support.browser import RESULTS, TRACED
from tests.support.reporting import failed
from tests.support.server import Server

MOST_IDLE = 8  # each is a process of 100 MB
SIZE = {"width": 1280, "height": 720}


class Window:
    """One context with one page. People are new in each test, so that what it has stored is nobody's."""

    def __init__(self, browser: Browser, base_url: str, options: dict[str, Any]) -> None:
        self.kind = kind_of(base_url, options)
        self.options = options
        self.faults: list[str] = []
        defaults = {"base_url": base_url, "locale": "en-GB", "service_workers": "block"}
        self.context: BrowserContext = browser.new_context(**{**defaults, "viewport": SIZE, **options})
        self.context.set_default_timeout(10_000)
        if TRACED:
            self.context.tracing.start(snapshots=True)
        self.context.on("weberror", lambda fault: self.faults.append(str(fault.error)))
        self.context.on("console", self._note)
        self.page: Page = self.context.new_page()

    def empty(self) -> None:
        """Leaves nothing of what a test may have set up."""
        for page in self.context.pages:
            if page != self.page:
                page.close()
        self.page.unroute_all()
        self.context.unroute_all()
        self.context.set_offline(False)
        # Of the same site: what is opened next needs no new process, and finds its scripts in this one.
        self.page.goto("/healthz")
        self.page.set_viewport_size(self.options.get("viewport", SIZE))
        self.page.emulate_media(color_scheme=self.options.get("color_scheme", "light"))

    def keep_evidence(self, name: str) -> None:
        """A screenshot and a trace in test-results/."""
        folder = RESULTS / re.sub(r"[^\w.-]+", "-", name)[-120:]
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / "page.png")
        if TRACED:
            self.context.tracing.stop_chunk(path=folder / "trace.zip")

    def _note(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)


def kind_of(base_url: str, options: dict[str, Any]) -> str:
    """Windows of one kind can stand for each other."""
    return f"{base_url} {sorted(options.items())}"


Idle = list[Window]
TakeWindow = Callable[..., Page]


@pytest.fixture(scope="session")
def idle_windows(browser: Browser) -> Idle:
    """Those that were used last come last; the browser's end is theirs."""
    return []


@pytest.fixture
def take_window(
    browser: Browser, idle_windows: Idle, live_server: Server, request: pytest.FixtureRequest
) -> Iterator[TakeWindow]:
    """A window for this test: take_window(timezone_id=...). After a failure it is not used again."""
    taken: list[Window] = []

    def take(**options: Any) -> Page:
        kind = kind_of(live_server.url, options)
        window = next((one for one in reversed(idle_windows) if one.kind == kind), None)
        if window:
            idle_windows.remove(window)
        else:
            window = Window(browser, live_server.url, options)
        # Only now: the answer to a request that outlived its page may have brought a cookie back.
        window.context.clear_cookies()
        if TRACED:
            window.context.tracing.start_chunk()
        taken.append(window)
        return window.page

    yield take
    keep, faults = failed(request.node), [fault for window in taken for fault in window.faults]
    for number, window in enumerate(taken, 1):
        if keep or window.faults:
            window.keep_evidence(f"{request.node.nodeid}-{number}")
            window.context.close()
        else:
            if TRACED:
                window.context.tracing.stop_chunk()
            window.empty()
            idle_windows.append(window)
    while len(idle_windows) > MOST_IDLE:
        idle_windows.pop(0).context.close()
    assert keep or not faults, faults
