"""Experts: finding one, and one's own price list."""

from __future__ import annotations

from lumina.api.route import route
from lumina.models import User
from lumina.presenters import shapes, wire
from lumina.schemas.experts import ChangeExpert, ListExperts
from lumina.services import experts

ONE = {"expert": shapes.Expert}


@route(
    "GET", "/experts", query=ListExperts, answer={"experts": list[shapes.Expert], "nextCursor": str | None}
)
def list_experts(actor: User, query: ListExperts) -> dict[str, object]:
    """Experts by name, headline or bio; who takes questions comes first."""
    page = experts.list_for(actor, **query.model_dump())
    return {"experts": [wire.expert(view, actor) for view in page.items], "nextCursor": page.next_cursor}


@route("GET", "/experts/<user_id>", answer=ONE)
def show_expert(actor: User, user_id: str) -> dict[str, object]:
    """An expert with their offer and their record."""
    return {"expert": wire.expert(experts.find(actor, user_id), actor)}


@route("PUT", "/experts/me", body=ChangeExpert, answer=ONE)
def change_expert(actor: User, body: ChangeExpert) -> dict[str, object]:
    """Set what is given of one's own price list; the first time makes one an expert."""
    return {"expert": wire.expert(experts.change(actor, **body.arguments()), actor)}
