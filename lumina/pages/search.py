"""Searching messages, as one types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from lumina import models
from lumina.pages import shell
from lumina.pages.requests import is_fragment
from lumina.pages.session import actor
from lumina.presenters import naming, shapes, wire
from lumina.presenters.texts import t
from lumina.services import conversations, search
from lumina.services.search import Result
from lumina.services.views import Page

blueprint = Blueprint("search", __name__)

FIELDS = ("query", "conversation", "from", "has", "after", "before", "zone")
KINDS = ("", "link", "file", "voice")


@dataclass(slots=True)
class Group:
    """Results of one conversation that follow each other."""

    conversation: shapes.Conversation
    results: list[shapes.Found]


@blueprint.get("/search")
def index() -> str:
    """The form with what it finds; to htmx what it finds alone."""
    viewer, asked = actor(), _asked()
    found = _found(viewer, asked)
    context: dict[str, Any] = {
        "asked": asked,
        "groups": _groups(viewer, found.items) if found else None,
        "more_results": _more(asked, found.next_cursor if found else None),
        "is_first_page": "cursor" not in request.args,
    }
    if is_fragment():
        return render_template("search/_results.html", viewer_id=str(viewer.id), **context)
    return _page(viewer, asked, context)


def _asked() -> dict[str, str]:
    """What the form says; a kind of message that there is not is none."""
    asked = {name: request.args.get(name, "").strip() for name in FIELDS}
    return asked | {"has": asked["has"] if asked["has"] in KINDS else ""}


def _found(viewer: models.User, asked: dict[str, str]) -> Page[Result] | None:
    """None where nothing is asked yet."""
    if not (asked["query"] or asked["from"] or asked["has"]):
        return None
    zone = _zone(asked["zone"])
    return search.find(
        viewer,
        asked["query"],
        conversation_id=asked["conversation"] or None,
        sender_id=asked["from"] or None,
        has=asked["has"] or None,
        after=_start_of(asked["after"], zone),
        before=_start_of(asked["before"], zone, days_later=1),
        cursor=request.args.get("cursor") or None,
    )


def _zone(name: str) -> tzinfo:
    """The zone of the browser's days."""
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        return UTC


def _start_of(day: str, zone: tzinfo, days_later: int = 0) -> datetime | None:
    """When a day begins; None for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days_later), time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _groups(viewer: models.User, results: list[Result]) -> list[Group]:
    places = {
        view.conversation.id: wire.conversation(view, viewer) for view in search.places(viewer, results)
    }
    return [
        Group(places[of], [wire.found(result, viewer) for result in some])
        for of, some in groupby(results, lambda result: result.view.message.conversation_id)
    ]


def _more(asked: dict[str, str], cursor: str | None) -> str | None:
    if cursor is None:
        return None
    given = {name: value for name, value in asked.items() if value}
    return f"/search?{urlencode(given | {'cursor': cursor})}"


def _page(viewer: models.User, asked: dict[str, str], context: dict[str, Any]) -> str:
    within, known = None, []
    if asked["conversation"]:
        within = wire.conversation(conversations.find(viewer, asked["conversation"]), viewer)
        known = [within]
    else:
        known = [wire.conversation(view, viewer) for view in conversations.list_for(viewer).items]
    return shell.render(
        "search/search.html",
        viewer,
        section="search",
        pane="conversation",
        page_title=t("search.title"),
        within=within,
        senders=_senders(known, str(viewer.id)),
        kinds=KINDS,
        **context,
    )


def _senders(known: list[shapes.Conversation], viewer_id: str) -> list[shapes.Participant]:
    """Whose messages one may ask for: the others of these conversations, by name."""
    people = {person["id"]: person for each in known for person in each["participants"]}
    people.pop(viewer_id, None)
    return sorted(people.values(), key=naming.name)
