"""The members of a conversation."""

from __future__ import annotations

from lumina.api.route import route
from lumina.models import User
from lumina.presenters import shapes, wire
from lumina.schemas import conversations as schemas
from lumina.services import members

BASE = "/messages/conversations/<conversation_id>/members"


@route(
    "GET",
    BASE,
    query=schemas.ListMembers,
    answer={"members": list[shapes.Participant], "nextCursor": str | None},
)
def list_members(actor: User, conversation_id: str, query: schemas.ListMembers) -> dict[str, object]:
    """All members, the longest ones first."""
    page = members.list_for(actor, conversation_id, query.cursor, query.limit)
    return {
        "members": [wire.participant(p, sees_presence=actor.show_presence) for p in page.items],
        "nextCursor": page.next_cursor,
    }


@route("POST", BASE, body=schemas.AddMembers, answer={"conversation": shapes.Conversation})
def add(actor: User, conversation_id: str, body: schemas.AddMembers) -> dict[str, object]:
    """Let people into a group, by one of its admins."""
    return {"conversation": wire.conversation(members.add(actor, conversation_id, body.user_ids), actor)}


@route("DELETE", f"{BASE}/<user_id>", answer={"conversation": shapes.Conversation | None})
def remove(actor: User, conversation_id: str, user_id: str) -> dict[str, object]:
    """Remove somebody, or leave; who has left sees no conversation any more."""
    view = members.remove(actor, conversation_id, user_id)
    return {"conversation": wire.conversation(view, actor) if view else None}
