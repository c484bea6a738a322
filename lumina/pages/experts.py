"""Finding an expert, and one of them with what they offer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from lumina import clock, models
from lumina.pages import shell
from lumina.pages.requests import is_fragment
from lumina.pages.session import actor
from lumina.presenters import experts as presenter
from lumina.presenters import naming
from lumina.presenters.texts import t
from lumina.services import asking, blocks, experts, preferences
from lumina.services.asking import Prospect

blueprint = Blueprint("experts", __name__, url_prefix="/experts")

OTHERS = 3


@blueprint.get("")
def index() -> str:
    """All of them, or those that are searched for; to htmx the cards alone."""
    viewer, query = actor(), request.args.get("query", "").strip()
    page = experts.list_for(viewer, query or None, request.args.get("cursor") or None)
    context: dict[str, Any] = {
        "cards": [presenter.card(view, viewer) for view in page.items],
        "expert_query": query,
        "more_experts": _more(query, page.next_cursor),
    }
    if is_fragment():
        return render_template("experts/_cards.html", viewer_id=str(viewer.id), **context)
    return shell.render(
        "experts/experts.html", viewer, section="experts", page_title=t("nav.experts"), **context
    )


@blueprint.get("/<expert_id>")
def show(expert_id: str) -> str:
    """What they do, how they have answered so far, and what it costs."""
    viewer = actor()
    found = asking.prospect(viewer, expert_id)
    others = experts.others(viewer, found.expert, OTHERS)
    return shell.render(
        "experts/profile.html",
        viewer,
        section="experts",
        pane="conversation",
        others=[presenter.card(view, viewer) for view in others],
        has_blocked=blocks.has_blocked(viewer, found.expert.user.id),
        **context_of(viewer, found),
    )


def context_of(viewer: models.User, found: Prospect) -> dict[str, Any]:
    """What the templates need to show an expert and what asking them means."""
    card = presenter.card(found.expert, viewer)
    offer = card["offer"]
    return {
        "page_title": naming.name(card["user"]),
        "expert": card,
        "offer": offer,
        "first_name": card["user"]["firstName"],
        "zone": preferences.of(found.expert.user.id).time_zone,
        "places": max(offer["maxUnanswered"] - found.expert.unanswered, 0),
        "obstacle": found.obstacle,
        "conversation_id": found.conversation_id,
        "now": clock.now(),
        "answer_seconds": offer["answerHours"] * presenter.HOUR,
        "dispute_window": presenter.dispute_window(),
    }


def _more(query: str, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    return f"/experts?{urlencode({'query': query, 'cursor': cursor} if query else {'cursor': cursor})}"
