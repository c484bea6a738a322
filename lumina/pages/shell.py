"""What surrounds every page of a person who is signed in."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from lumina import models
from lumina.presenters import fragments, wire
from lumina.services import around, conversations, vapid
from lumina.services.views import ConversationView, Page

FILTERS = ("all", "unread", "priority", "groups", "archived")


def render(template: str, actor: models.User, *, section: str, **context: Any) -> str:
    """A whole page with its rail."""
    found = around.find(actor)
    return render_template(
        template,
        viewer=wire.person(actor),
        viewer_id=str(actor.id),
        section=section,
        administers=actor.is_admin,
        around=found,
        owed=found.owed,
        push_key=vapid.public_key(),
        **context,
    )


def render_inbox(
    actor: models.User,
    template: str = "conversations/inbox.html",
    listed: Page[ConversationView] | None = None,
    **context: Any,
) -> str:
    """The inbox with its list (`listed` where it has been read already); `context` says what stands beside it."""
    panes = {"conversation": None, "details": None, "pane": "list", "form_error": None, "current_id": None}
    merged = {**panes, **context}
    rows = list_context(actor, listed or list_asked_for(actor), merged["current_id"])
    return render(template, actor, section="inbox", **rows, **merged)


def list_asked_for(actor: models.User) -> Page[ConversationView]:
    """The conversations that filter, query and cursor of the request name."""
    return conversations.list_for(
        actor, filter=chosen_filter(), query=_query(), cursor=request.args.get("cursor") or None
    )


def chosen_filter() -> str:
    """The tab of the request."""
    asked = request.args.get("filter", "all")
    return asked if asked in FILTERS else "all"


def list_context(
    actor: models.User, page: Page[ConversationView], current_id: str | None = None
) -> dict[str, Any]:
    """What the templates of the list need."""
    shown = [wire.conversation(view, actor) for view in page.items]
    return {
        "rows": fragments.rows(shown, actor, current_id=current_id),
        "filter": chosen_filter(),
        "query": _query(),
        "cursor": request.args.get("cursor"),
        "next_cursor": page.next_cursor,
        "empty": "query" if _query() else chosen_filter(),
    }


def _query() -> str | None:
    return request.args.get("query", "").strip() or None
