"""The expert's inbox: what is owed an answer, with the open question beside it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import NotFound
from lumina.pages import opened, shell
from lumina.pages.requests import is_fetch, is_fragment
from lumina.pages.session import actor
from lumina.presenters import queue
from lumina.services import conversations, escrows, experts, priority

blueprint = Blueprint("priority", __name__, url_prefix="/priority")


@blueprint.get("")
def index() -> str:
    """The queue, or further rows of it, or all that may have changed; to who is no expert, how to become one."""
    viewer = actor()
    if is_fragment() and request.args.get("cursor"):
        return render_template("priority/_rows.html", current_id=None, **_rows(viewer))
    if is_fetch():
        return _change(viewer, **_rows(viewer))
    try:
        return _page(viewer, pane="list")
    except NotFound:
        return shell.render("priority/join.html", viewer, section="priority", pane="conversation")


@blueprint.get("/<conversation_id>")
def show(conversation_id: str) -> str:
    """One question beside the queue."""
    viewer = actor()
    if is_fragment():
        return opened.render(viewer, conversation_id)
    view = conversations.find(viewer, conversation_id)
    return _page(viewer, pane="conversation", **opened.pane_context(viewer, view))


@blueprint.get("/escrows/<escrow_id>")
def row(escrow_id: str) -> str | BaseResponse:
    """How the queue stands, and the row of a purchase if it still waits."""
    if not (is_fragment() or is_fetch()):
        return redirect("/priority", 303)
    viewer = actor()
    escrow = escrows.find(viewer, escrow_id)
    is_owed = escrow.expert_id == viewer.id and escrow.state == "held"
    shown = [queue.row(priority.find(viewer, escrow_id), viewer)] if is_owed else []
    return _change(viewer, rows=shown, next_cursor=None)


@blueprint.post("/open")
def take_new() -> Response | BaseResponse:
    """Take new questions, or none for a while."""
    viewer = actor()
    priority.standing(viewer)
    experts.change(viewer, is_open=request.form.get("open") == "1")
    if is_fragment() or is_fetch():
        return Response(_change(viewer, rows=[], next_cursor=None))
    return redirect("/priority", 303)


def _page(viewer: models.User, **context: Any) -> str:
    panes = {"conversation": None, "current_id": None}
    merged = panes | _rows(viewer) | _standing(viewer) | context
    return shell.render("priority/inbox.html", viewer, section="priority", **merged)


def _change(viewer: models.User, **rows: Any) -> str:
    """What our own code puts in the place of what stands: the rows, and what is above and below them."""
    return render_template("priority/_change.html", current_id=None, **rows, **_standing(viewer))


def _rows(viewer: models.User) -> dict[str, Any]:
    page = priority.owed(viewer, cursor=request.args.get("cursor") or None)
    return {
        "rows": [queue.row(owed, viewer) for owed in page.items],
        "next_cursor": page.next_cursor,
    }


def _standing(viewer: models.User) -> dict[str, Any]:
    """What stands above and below the rows."""
    standing = priority.standing(viewer)
    return {
        "total": queue.total(standing),
        "is_open": standing.offer.is_open,
        "places": queue.places(standing),
    }
