"""What the browser needs to tell, by itself, what became of each of the viewer's messages."""

from __future__ import annotations

from typing import TypedDict

import orjson

from lumina import clock, models
from lumina.models.statements.tables import LARGE
from lumina.presenters import shapes, wire
from lumina.services import presence, receipts
from lumina.services.views import ConversationView, Participant


class Mark(TypedDict):
    """How far a message has come with another member: of those who hide it, that nothing is known."""

    userId: str
    joinedAt: str
    readPosition: int
    seenAt: str | None


def marks(view: ConversationView, viewer: models.User) -> str | None:
    """The marks of all other members as JSON; None where the viewer shows no receipts, or the group is too large."""
    own = next((member for member in view.participants if member.id == viewer.id), None)
    if own is None or not own.show_receipts or view.conversation.member_count > LARGE:
        return None
    return orjson.dumps([_mark(member) for member in view.participants if member is not own]).decode()


def read_by_all(view: ConversationView, viewer: models.User) -> int | None:
    """In a group too large for that, the position up to which everybody else has read."""
    if view.conversation.member_count <= LARGE:
        return None
    return receipts.read_by_all(viewer, view.conversation.id)


class Listed(TypedDict):
    """One member's receipt: the later of its times is `at`."""

    person: shapes.Person
    delivered_at: str | None
    read_at: str | None
    at: str | None


class Receipts(TypedDict):
    members: list[Listed]
    read_count: int
    member_count: int


def listed(found: receipts.Receipts) -> Receipts:
    """What became of a message with each member."""
    return {
        "members": [_listed(receipt) for receipt in found.members],
        "read_count": found.read_count,
        "member_count": found.member_count,
    }


def _listed(receipt: receipts.Receipt) -> Listed:
    return {
        "person": wire.person(receipt),
        "delivered_at": wire.maybe_time(receipt.delivered_at),
        "read_at": wire.maybe_time(receipt.read_at),
        "at": wire.maybe_time(receipt.read_at or receipt.delivered_at),
    }


def _mark(member: Participant) -> Mark:
    seen_at = clock.now() if presence.is_online(member.id) else member.last_seen_at
    return {
        "userId": str(member.id),
        "joinedAt": wire.time(member.joined_at),
        "readPosition": member.read_position if member.show_receipts else 0,
        "seenAt": wire.maybe_time(seen_at) if member.show_receipts else None,
    }
