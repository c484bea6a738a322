"""Finding messages."""

from __future__ import annotations

from lumina.api.route import route
from lumina.models import User
from lumina.presenters import shapes, wire
from lumina.schemas.search import Search
from lumina.services import search


@route(
    "GET",
    "/messages/search",
    query=Search,
    answer={"results": list[shapes.Found], "nextCursor": str | None},
)
def find(actor: User, query: Search) -> dict[str, object]:
    """Messages of one's conversations, newest first. `highlights` are [start, end] in UTF-16 units of `snippet`."""
    page = search.find(actor, **query.model_dump())
    return {"results": [wire.found(result, actor) for result in page.items], "nextCursor": page.next_cursor}
