"""No request reads through a table that grows: each statement finds what it wants by an index, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lumina import clock
from lumina.extensions import db
from lumina.services.sweep import jobs
from tests.support.forms import TOKEN, Forms
from tests.support.passing import sweep
from tests.support.plans import collected, full_scans
from tests.test_queries import API, EVENTS, LITTLE, PAGES, World, has_file

# People are found by any part of their names, which no index helps.
BY_NAME = (
    "GET /api/users",
    "GET /people",
    "GET /api/experts",
    "GET /experts",
    "GET /conversations/new",
    "GET /conversations/forward",
    "GET /api/messages/conversations?filter=unread&query=",
)
# What is asked for in further ways than each route once.
LIST = "GET /api/messages/conversations"
MORE = [f"{LIST}?filter={wanted}" for wanted in ("unread", "archived")]
MORE += [f"{LIST}/{{conversation}}/attachments?kind={kind}" for kind in ("media", "audio", "files")]
MORE += ["GET /api/messages/search?query=number%20one", "GET /api/messages/search?has=link"]


@pytest.fixture
def world(app, api, cast, monkeypatch):
    monkeypatch.setattr(clock, "_offset", timedelta)
    made = World(app, api, cast)
    made.build(LITTLE)
    return made


def scanned(app, table: list[tuple[int, str, Any]], carry_out: Callable[[str, Any], None]) -> str:
    """Where a table of requests reads through all there is, a line each."""
    found = []
    for _, name, body in table:
        with collected(app) as statements:
            carry_out(name, body)
        with app.app_context(), db.engine.connect() as connection:
            for statement in statements:
                if tables := full_scans(connection, statement):
                    found.append(f"{name}: {', '.join(sorted(tables))} by {' '.join(statement[0].split())}")
    return "\n".join(dict.fromkeys(found))


def by_index(table: list[tuple[int, str, Any]]) -> list[tuple[int, str, Any]]:
    """Without those who look for people."""
    return [one for one in table if not one[1].startswith(BY_NAME)]


def test_of_the_api(app, api, world):
    def call(name, body):
        method, path = world.fill(name).split(" ")
        filled = world.fill(body)
        sent = {"data": filled} if has_file(body) else {"json": filled}
        assert api.as_(world.names["token"]).request(method, path, **sent).status_code in (200, 201), name

    assert scanned(app, by_index(API[:-1]) + [(0, name, None) for name in MORE], call) == ""


def test_of_the_pages(app, world):
    browser = Forms(app.test_client()).sign_in(world.cast.owner).client
    token = TOKEN.search(browser.get("/settings").get_data(as_text=True))[1]
    headers = {"X-CSRFToken": token, "X-Requested-With": "fetch"}

    def call(name, body):
        method, path = world.fill(name).split(" ")
        answer = browser.open(path, method=method, data=world.fill(body), headers=headers)
        assert answer.status_code in (200, 201, 204, 303), name

    assert scanned(app, by_index(PAGES), call) == ""


def test_of_the_events(app, world, open_socket):
    sockets = []

    def call(name, payload):
        if name == "connect":
            sockets.append(open_socket(token=world.names["token"]))
        else:
            assert sockets[-1].emit(name, world.fill(payload))["success"] is True, name

    assert scanned(app, EVENTS, call) == ""


def test_of_the_sweep(app, world, monkeypatch):
    """What each job looks for at every pass, and what those of messages do a year later."""

    def look_and_sweep(_name, _body):
        with app.app_context():
            for job in jobs:
                list(job.due(job.now(), 10))
        sweep(app)

    monkeypatch.setattr(clock, "_offset", lambda: timedelta(days=365))
    assert scanned(app, [(0, "sweep", None)], look_and_sweep) == ""


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("SELECT id FROM messages WHERE content = 'x'", "messages"),
        ("SELECT said.id FROM messages AS said ORDER BY said.id", "messages"),
        ("UPDATE memberships SET archived = archived WHERE role = 'admin'", "memberships"),
        ("SELECT message_terms.terms FROM message_terms", "message_terms"),
    ],
)
def test_a_full_scan_would_be_seen(app, statement, table):
    with app.app_context(), db.engine.connect() as connection:
        assert full_scans(connection, (statement, ())) == {table}
