"""People: one's own profile, and finding somebody to write to."""

from __future__ import annotations

from lumina.api.route import route
from lumina.models import User
from lumina.presenters import shapes, wire
from lumina.schemas import accounts as schemas
from lumina.services import accounts, blocks, closing, suspensions


@route(
    "GET", "/users", query=schemas.FindPeople, answer={"users": list[shapes.User], "nextCursor": str | None}
)
def find_people(actor: User, query: schemas.FindPeople) -> dict[str, object]:
    """People to write to, by name; by address only where it is typed whole."""
    page = accounts.find_people(actor, query.query, query.cursor, query.limit)
    return {"users": [wire.user(user, actor) for user in page.items], "nextCursor": page.next_cursor}


@route("PATCH", "/users/me", body=schemas.UpdateMe, answer={"user": shapes.User})
def update_me(actor: User, body: schemas.UpdateMe) -> dict[str, object]:
    """Change one's own profile; an empty headline removes it."""
    return {"user": wire.user(accounts.update_profile(actor, **body.given()), actor)}


@route("DELETE", "/users/me", body=schemas.CloseMe)
def close_me(actor: User, body: schemas.CloseMe) -> dict[str, object]:
    """Close one's account for good: messages stay, under the name "Deleted account"."""
    closing.close(actor, body.password)
    return {}


@route(
    "GET",
    "/users/me/blocked",
    query=schemas.ListBlocked,
    answer={"users": list[shapes.User], "nextCursor": str | None},
)
def list_blocked(actor: User, query: schemas.ListBlocked) -> dict[str, object]:
    """Whom one has blocked, the latest first."""
    page = blocks.listed(actor, query.cursor, query.limit)
    return {"users": [wire.user(user, actor) for user in page.items], "nextCursor": page.next_cursor}


@route("GET", "/users/<user_id>", answer={"user": shapes.User})
def find(actor: User, user_id: str) -> dict[str, object]:
    """One person."""
    return {"user": wire.user(accounts.find(actor, user_id), actor)}


@route(
    "POST",
    "/users/<user_id>/block",
    body=schemas.Block,
    answer={"user": shapes.User, "blocked": bool},
)
def block(actor: User, user_id: str, body: schemas.Block) -> dict[str, object]:
    """Have nothing more to do with somebody, or let it be."""
    user = blocks.change(actor, user_id, blocked=body.blocked)
    return {"user": wire.user(user, actor), "blocked": body.blocked}


@route("POST", "/admin/users/<user_id>/suspend", body=schemas.Suspend, answer={"user": shapes.User})
def suspend(actor: User, user_id: str, body: schemas.Suspend) -> dict[str, object]:
    """Keep somebody out, or let them in again. Admins only."""
    return {"user": wire.user(suspensions.change(actor, user_id, **body.model_dump()), actor)}
