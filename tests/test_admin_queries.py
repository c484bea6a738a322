"""How many SQL statements the routes and pages of admins cost: held exactly, and the same for little and for much.

They are read as test_queries.py reads the others, which also sees that none is missing here.
"""

from typing import Any

import pytest

from lumina import clock
from lumina.services import payouts, sweep, wallets
from tests.support import files, life, making, paying
from tests.support.forms import TOKEN, Forms
from tests.support.queries import count_queries

LITTLE, MUCH = 2, 30
Costs = list[tuple[int, str, Any]]

API: Costs = [
    (2, "GET /api/admin/escrows", None),
    (2, "GET /api/admin/escrows?state=disputed", None),
    (14, "GET /api/admin/escrows/{escrow}", None),
    (12, "GET /api/admin/escrows/{escrow}", None),
    (2, "GET /api/admin/payouts", None),
    (9, "POST /api/admin/payouts/{payout}", {"paid": True}),
    (9, "POST /api/admin/users/{client}/payouts", {"amountMinor": 1}),
    (10, "POST /api/admin/users/{client}/adjust", {"amountMinor": 1, "note": "A gift"}),
    (2, "GET /api/admin/reports", None),
    (6, "GET /api/admin/reports/{report}", None),
    (6, "POST /api/admin/reports/{report}", {"outcome": "dismiss"}),
    (5, "GET /api/admin/audit", None),
    (5, "GET /api/admin/audit?userId={client}", None),
    (17, "POST /api/escrows/{escrow}/resolve", {"outcome": "split", "expertMinor": 1}),
]
# And one for each job of the sweep.
OVERVIEW: Costs = [(9, "GET /admin", None)]
PAGES: Costs = [
    (10, "POST /admin/check", {}),
    (3, "GET /admin/disputes", None),
    (16, "GET /admin/disputes/{escrow}", None),
    (7, "POST /admin/disputes/{escrow}", {"outcome": "release"}),
    (18, "POST /admin/disputes/{escrow}", {"outcome": "release", "confirmed": "1"}),
    (4, "GET /admin/payouts", None),
    (9, "POST /admin/payouts/{other_payout}", {"paid": "0"}),
    (4, "GET /admin/people?query=crowd", None),
    (9, "GET /admin/people/{client}", None),
    (12, "POST /admin/people/{client}/adjust", {"amount": "1", "note": "A gift"}),
    (11, "POST /admin/people/{client}/payout", {"amount": "1"}),
    (10, "POST /admin/people/{stranger}/suspend", {"suspended": "1", "reason": "Spam"}),
    (3, "GET /admin/reports", None),
    (7, "GET /admin/reports/{other_report}", None),
    (7, "GET /admin/reports/{other_report}/files/{reported_file}", None),
    (6, "POST /admin/reports/{other_report}", {"outcome": "dismiss"}),
    (6, "GET /admin/log", None),
    (10, "GET /admin/log?query=mara", None),
    (6, "GET /admin/escrows/{escrow}/files/{attachment}", None),
    (3, "GET /admin/escrows/{escrow}/files/{attachment}/thumb", None),
]


@pytest.fixture
def build(app, api, cast, monkeypatch):
    """Makes `size` of everything that is listed; answers with what stands for the names in braces."""
    monkeypatch.setattr(clock, "_offset", clock.timedelta)
    paying.offer(api, cast.member)

    def build(size):
        client, expert = cast.owner, cast.member
        paying.credit(app, client, 10_000_00)
        made = _asked(size)
        bought = [paying.urgent(api, client, made, f"Number {number}") for number in range(size)]
        paying.say(api, expert, made, "No.")
        for message in bought:
            paying.take(api, client, message["escrow"], "dispute", {"reason": "No answer"})
        for _ in range(size // 2):
            sent = files.send(api, expert, made, ("plan.png", files.picture()))
            life.delete(api, expert, life.edit(api, expert, sent, "See this"))
            paying.urgent(api, client, made, "And now?")
        file = files.send(api, expert, made, ("other.png", files.picture()))
        rude = [paying.say(api, expert, made, f"Rude {number}") for number in range(size)]
        reported = [
            api.as_(client).post(f"/api/messages/{one['id']}/report", {"reason": "abuse"})["report"]
            for one in [*rude, file]
        ]
        crowd = making.crowd(app, size, f"Crowd{size}")
        with app.app_context():
            asked = [str(payouts.ask(client.user, 100).id) for _ in range(size)]
            for user_id in crowd:
                wallets.adjust(None, int(user_id), 1)
        return {
            "escrow": bought[0]["escrow"]["id"],
            "client": client.id,
            "report": reported[0]["id"],
            "other_report": reported[-1]["id"],
            "stranger": crowd[0],
            "payout": asked[0],
            "other_payout": asked[1],
            "attachment": sent["attachments"][0]["id"],
            "reported_file": file["attachments"][0]["id"],
        }

    def _asked(size):
        if size == LITTLE:
            return paying.ask(api, cast.owner, cast.member)
        [latest] = api.as_(cast.owner).get("/api/messages/conversations")["conversations"]
        return latest

    return build


def differences(app, table, names, carry_out):
    """Where the table is wrong, a line each."""
    found = []
    for held, name, body in table:
        method, path = name.format(**names).split(" ")
        with count_queries(app) as queries:
            answer = carry_out(method, path, body)
        assert answer.status_code in (200, 201, 303), f"{name}: {answer.get_data(as_text=True)}"
        if len(queries) != held:
            found.append(f"{name} {body or ''}: held {held}, found {queries!r}")
    return "\n".join(found)


def test_of_the_api(app, api, cast, build):
    for size in (LITTLE, MUCH):
        names = build(size)

        def carry_out(method, path, body):
            return api.as_(cast.admin).request(method, path, json=body)

        assert differences(app, API, names, carry_out) == ""


def test_of_the_pages(app, cast, build):
    for size in (LITTLE, MUCH):
        names = build(size)
        browser = Forms(app.test_client()).sign_in(cast.admin).client
        token = TOKEN.search(browser.get("/settings").get_data(as_text=True))[1]
        headers = {"X-CSRFToken": token}

        def carry_out(method, path, body, browser=browser, headers=headers):
            return browser.open(path, method=method, data=body, headers=headers)

        overview = [(held + len(sweep.jobs), name, body) for held, name, body in OVERVIEW]
        assert differences(app, overview + PAGES, names, carry_out) == ""
