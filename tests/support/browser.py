"""A real Chromium, driven by Playwright: people who sign in by the real page and click.

Playwright's synchronous API keeps an asyncio loop running in this thread, so that these tests use no asyncio
and no Python client of Socket.IO beside it.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright

from tests.support.cast import Person
from tests.support.reporting import failed
from tests.support.server import Server

# A trace of every step costs an eighth of the time: TRACE=1 has one kept of each window of a test that failed.
TRACED = os.environ.get("TRACE") == "1"
RESULTS = Path(__file__).parents[2] / "test-results"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that beeps, and nobody to ask for it.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
OpenPage = Callable[..., Page]


def launch(playwright: Playwright, *programs: str) -> Iterator[Browser]:
    """The first of these that is installed, until the end."""
    found = next(filter(None, map(shutil.which, programs)), None)
    if found is None:
        pytest.skip("Chromium is not installed")
    browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The same engine without the desktop program around it, to which a new page costs a third of the time."""
    yield from launch(playwright, "chromium-headless-shell", "chromium")


@pytest.fixture
def visitor(browser: Browser, live_server: Server, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Opens a window of somebody who is not signed in: visitor(viewport=..., color_scheme="dark", ...).

    After a failure, test-results/ holds a screenshot and a trace of each window. An uncaught error in a page,
    or something that its Content-Security-Policy refused, fails the test.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            faults.append(message.text)

    def open_page(**options: Any) -> Page:
        defaults = {"base_url": live_server.url, "locale": "en-GB", "service_workers": "block"}
        context = browser.new_context(**{**defaults, **options})
        context.set_default_timeout(10_000)
        if TRACED:
            context.tracing.start(snapshots=True)
        context.on("weberror", lambda fault: faults.append(str(fault.error)))
        context.on("console", note)
        contexts.append(context)
        return context.new_page()

    yield open_page
    keep = failed(request.node)
    for number, context in enumerate(contexts, 1):
        _close(context, _results(request.node.nodeid, number) if keep else None)
    assert keep or not faults, faults


@pytest.fixture
def person(visitor: OpenPage) -> OpenPage:
    """Opens a window of somebody who signed in by the login page: person(mara, viewport=...)."""

    def sign_in(user: Person, **options: Any) -> Page:
        page = visitor(**options)
        page.goto("/login")
        page.fill("input[name=email]", user.email)
        page.fill("input[name=password]", user.password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(re.compile(r"/conversations"))
        return page

    return sign_in


def _results(test: str, number: int) -> Path:
    name = re.sub(r"[^\w.-]+", "-", test)[-120:]
    folder = RESULTS / f"{name}-{number}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _close(context: BrowserContext, results: Path | None) -> None:
    if results:
        for number, page in enumerate(context.pages, 1):
            page.screenshot(path=results / f"page-{number}.png")
        if TRACED:
            context.tracing.stop(path=results / "trace.zip")
    context.close()
