"""Finding people, as one types."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from lumina import models
from lumina.pages.session import actor
from lumina.presenters import wire
from lumina.services import accounts, conversations, experts, reach

blueprint = Blueprint("people", __name__)

MODES = ("start", "add")


@blueprint.get("/people")
def index() -> str:
    """Rows of people whose name matches; those chosen already stay."""
    viewer = actor()
    mode = request.args.get("mode", "start")
    return render_template(
        "people/_rows.html",
        **rows_context(
            viewer,
            request.args,
            mode=mode if mode in MODES else "start",
            apart_from=_members(viewer, request.args.get("except")),
        ),
    )


def rows_context(
    viewer: models.User, sent: MultiDict[str, str], *, mode: str, apart_from: set[str] | None = None
) -> dict[str, Any]:
    """What the template of the rows needs: the chosen first, then whoever matches."""
    chosen, query, cursor = sent.getlist("user_id"), sent.get("query", "").strip(), sent.get("cursor")
    page = accounts.find_people(viewer, query or None, cursor=cursor or None)
    kept = [] if cursor else [accounts.find(viewer, user_id) for user_id in chosen]
    hidden = {*chosen, *(apart_from or ())}
    found = [person for person in page.items if str(person.id) not in hidden]
    people = [*kept, *found]
    closed = reach.closed_to(viewer, [person.id for person in people])
    starts = mode == "start"
    unreached = closed.direct if starts else closed.group
    return {
        "people": [wire.user(person, viewer) for person in people],
        "closed": {str(user_id) for user_id in unreached},
        "apart": {str(user_id) for user_id in closed.group},
        "asked": {str(user_id) for user_id in experts.open_among(unreached)}
        if starts and unreached
        else set(),
        "chosen": chosen,
        "mode": mode,
        "people_query": query,
        "more_people": _more(sent, mode, page.next_cursor),
    }


def first_meant(viewer: models.User, sent: MultiDict[str, str]) -> str | None:
    """Whom to write to at once: the one clicked, or with Enter in the search the first one found."""
    if clicked := sent.get("direct"):
        return clicked
    query = sent.get("query", "").strip()
    if sent.get("action") != "go" or sent.getlist("user_id") or not query:
        return None
    found = accounts.find_people(viewer, query, limit=1).items
    return str(found[0].id) if found else None


def _more(sent: MultiDict[str, str], mode: str, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    kept = {name: sent[name] for name in ("query", "except") if sent.get(name)}
    parameters = {**kept, "mode": mode, "cursor": cursor, "user_id": sent.getlist("user_id")}
    return f"/people?{urlencode(parameters, doseq=True)}"


def _members(viewer: models.User, conversation_id: str | None) -> set[str]:
    if not conversation_id:
        return set()
    return {str(person.id) for person in conversations.find(viewer, conversation_id).participants}
