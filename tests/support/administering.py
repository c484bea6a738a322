"""What admins do and see, through the API."""

from __future__ import annotations

from typing import Any

from flask import Flask

from lumina.services import accounts, payouts
from tests.support import life, paying
from tests.support.api import Api
from tests.support.cast import Cast, Person

Shape = dict[str, Any]


def evidence(api: Api, admin: Person, escrow: Shape, **query: Any) -> Shape:
    """The purchase, its conversation and the originals."""
    return api.as_(admin).get(f"/api/admin/escrows/{escrow['id']}", **query)


def originals(api: Api, admin: Person, escrow: Shape, **query: Any) -> dict[str, Shape]:
    """The originals by the ids of the messages, without system lines."""
    found = evidence(api, admin, escrow, **query)["messages"]
    return {message["id"]: message for message in found if message["messageType"] != "system"}


def promote(app: Flask, person: Person) -> None:
    """Somebody becomes an admin, as the log tells: those of the cast have been since ever."""
    with app.app_context():
        accounts.promote(None, person.email)


def log(api: Api, admin: Person, **query: Any) -> list[Shape]:
    return api.as_(admin).get("/api/admin/audit", **query)["entries"]


def acts(api: Api, admin: Person, **query: Any) -> list[str]:
    """What the log tells of, oldest first."""
    return [entry["act"] for entry in reversed(log(api, admin, **query))]


def dispute(
    api: Api, client: Person, expert: Person, conversation: Shape, reason: str = "No answer"
) -> Shape:
    """The expert answers, the client objects: the escrow."""
    paying.say(api, expert, conversation, "It depends.")
    return paying.take(api, client, conversation["escrow"], "dispute", {"reason": reason})


def calls(app: Flask, api: Api, cast: Cast) -> list[tuple[str, str, Any, int]]:
    """Every route of admins, in an order in which each can succeed: method, path, body, status."""
    client, expert = cast.outsider, cast.member
    paying.offer(api, expert)
    paying.credit(app, client, 10_000)
    asked = paying.ask(api, client, expert)
    message = paying.say(api, expert, asked, "Let me look")
    life.delete(api, expert, life.edit(api, expert, message, "Let me see"))
    with app.app_context():
        payout = payouts.ask(client.user, 1000)
    fraud = paying.say(api, expert, asked, "Pay me elsewhere")
    made = api.as_(client).post(f"/api/messages/{fraud['id']}/report", {"reason": "fraud"}, status=201)[
        "report"
    ]
    return [
        ("GET", "/api/admin/escrows", None, 200),
        ("GET", f"/api/admin/escrows/{asked['escrow']['id']}", None, 200),
        ("GET", "/api/admin/payouts", None, 200),
        ("POST", f"/api/admin/payouts/{payout.id}", {"paid": True}, 200),
        ("POST", f"/api/admin/users/{client.id}/payouts", {"amountMinor": 1}, 201),
        ("POST", f"/api/admin/users/{client.id}/adjust", {"amountMinor": 1, "note": "A gift"}, 200),
        ("POST", f"/api/admin/users/{client.id}/suspend", {"suspended": True, "reason": "Spam"}, 200),
        ("GET", "/api/admin/reports", None, 200),
        ("GET", f"/api/admin/reports/{made['id']}", None, 200),
        ("POST", f"/api/admin/reports/{made['id']}", {"outcome": "dismiss"}, 200),
        ("GET", "/api/admin/audit", None, 200),
    ]
