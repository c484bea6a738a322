"""People with windows at the real server, new ones for each test, and what they have said to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.inbox import Inbox
from tests.browser.paid import Market
from tests.browser.talk import Talk
from tests.browser.windows import TakeWindow, idle_windows, take_window
from tests.support.browser import OpenPage
from tests.support.cast import Person
from tests.support.database import NewDatabase
from tests.support.forms import TOKEN
from tests.support.server import Server

__all__ = ["idle_windows", "take_window"]
OpenInbox = Callable[..., Inbox]


@pytest.fixture(scope="session")
def live_server(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests in a browser. What it runs is measured by the tests of the operations themselves."""
    server = Server(new_database("browser"), tmp_path_factory.mktemp("browser"), traced=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def talk(live_server: Server) -> Talk:
    return Talk(live_server)


@pytest.fixture
def mara(live_server: Server) -> Person:
    return live_server.register("Mara", "Ellison")


@pytest.fixture
def tomasz(live_server: Server) -> Person:
    return live_server.register("Tomasz", "Novak")


@pytest.fixture
def ines(live_server: Server) -> Person:
    return live_server.register("Ines", "Okafor")


@pytest.fixture
def vera(live_server: Server) -> Person:
    """An admin."""
    vera = live_server.register("Vera", "Lindqvist")
    live_server.flask("user", "promote", vera.email)
    return vera


@pytest.fixture
def disputed(live_server: Server, mara: Person, tomasz: Person) -> dict[str, Any]:
    """A purchase of $50.00: Mara, who has $150.00 left, objects to the answer of Tomasz, who has deleted another."""
    market = Market(live_server)
    market.offer(tomasz)
    market.credit(mara, 20_000)
    conversation = market.ask(mara, tomasz)
    market.say(mara, conversation, "From when does it count?")
    [answer] = market.say(tomasz, conversation, "You never read what you sign")
    market.delete(tomasz, answer)
    [purchase] = market.purchases(mara, conversation)
    market.step(mara, purchase, "dispute", reason="That is no answer")
    return purchase


@pytest.fixture
def inbox(visitor: OpenPage, take_window: TakeWindow) -> OpenInbox:
    """Opens a window for somebody, at a conversation or at the list: inbox(mara, conversation, timezone_id=...).

    With `new=True`, where the test does to it what cannot be undone, it is a window of its own.
    The sign-in form is posted without being shown, which is half the time; test_accounts.py fills it in.
    """

    def open_inbox(person: Person, conversation: str = "", **options: Any) -> Inbox:
        page = visitor(**options) if options.pop("new", False) else take_window(**options)
        sign_in(page, person)
        page.goto(f"/conversations/{conversation}".rstrip("/"))
        return Inbox(page)

    return open_inbox


def sign_in(page: Page, person: Person) -> None:
    """Gives the window's cookies a session."""
    login = page.request.get("/login")
    assert login.url.endswith("/login"), "somebody else is signed in"
    token = TOKEN.search(login.text())
    assert token
    form = {"email": person.email, "password": person.password, "csrf_token": token[1]}
    answer = page.request.post("/login", form=form, max_redirects=0)
    assert answer.headers.get("location") == "/conversations", answer.text()
