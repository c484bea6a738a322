"""What admins do and see, through the API."""

from __future__ import annotations

from typing import Any

from tests.support import paying
from tests.support.api import Api
from tests.support.cast import Person

Shape = dict[str, Any]


def evidence(api: Api, admin: Person, escrow: Shape, **query: Any) -> Shape:
    """The purchase, its conversation and the originals."""
    return api.as_(admin).get(f"/api/admin/escrows/{escrow['id']}", **query)


def originals(api: Api, admin: Person, escrow: Shape, **query: Any) -> dict[str, Shape]:
    """The originals by the ids of the messages, without system lines."""
    found = evidence(api, admin, escrow, **query)["messages"]
    return {message["id"]: message for message in found if message["messageType"] != "system"}


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
