"""The details of a conversation, as the pane beside it or as the page with the pane open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import LuminaError
from lumina.pages import opened, paid, people, shell
from lumina.pages.forms import GroupForm
from lumina.pages.requests import is_fragment
from lumina.presenters import naming, shapes, wire
from lumina.services import accounts, conversations, members
from lumina.services.views import ConversationView


@dataclass(frozen=True)
class RefusedStep:
    """A step with a purchase that was refused, why, and what was typed."""

    escrow_id: str
    message: str
    reason: str = ""


@dataclass
class Details:
    """What the pane shows beside the conversation itself."""

    form: GroupForm
    profile: shapes.User | None = None
    members: list[shapes.Participant] = field(default_factory=list)
    next_cursor: str | None = None
    is_admin: bool = False
    adding: dict[str, Any] | None = None


def render(
    viewer: models.User,
    conversation_id: str,
    *,
    form_error: str | None = None,
    settings_error: str | None = None,
    form: GroupForm | None = None,
    adding: bool = False,
    refused_step: RefusedStep | None = None,
) -> str:
    """The details as they are now, with what was refused."""
    view = conversations.find(viewer, conversation_id)
    shown = wire.conversation(view, viewer)
    found = _details(viewer, view, shown, form or _form(shown))
    settings = {
        "may_share": may_share(view),
        "settings_error": settings_error,
        **_purchases(viewer, view, refused_step),
        "block": view.conversation.my_block,
    }
    if adding:
        found.adding = people.rows_context(viewer, request.form, mode="add", apart_from=_ids(shown))
    if is_fragment():
        return render_template(
            "members/_details.html",
            conversation=shown,
            details=found,
            subtitle=opened.subtitle(viewer, shown),
            viewer_id=str(viewer.id),
            form_error=form_error,
            **settings,
        )
    context = opened.pane_context(viewer, view) | settings
    return shell.render_inbox(viewer, pane="details", details=found, form_error=form_error, **context)


def purchases_context(viewer: models.User, conversation_id: str) -> dict[str, Any]:
    """What the template of the purchases needs by itself."""
    view = conversations.find(viewer, conversation_id)
    shown = wire.conversation(view, viewer)
    return {"conversation": shown, "viewer_id": str(viewer.id), **_purchases(viewer, view, None)}


def _purchases(viewer: models.User, view: ConversationView, refused: RefusedStep | None) -> dict[str, Any]:
    return {"bought": paid.bought(viewer, view), "refused_step": refused}


def may_share(view: ConversationView) -> bool:
    """Whether the viewer may change what all members share."""
    return bool(view.conversation.type != "group" or view.conversation.my_role == "admin")


def done(viewer: models.User, conversation_id: str) -> Response | BaseResponse:
    """The details after a change."""
    if is_fragment():
        return Response(render(viewer, conversation_id))
    return redirect(f"/conversations/{conversation_id}/details", 303)


def refused(viewer: models.User, conversation_id: str, error: LuminaError, **kept: Any) -> Response:
    """The details with what was refused, and why; `kept` is what was typed."""
    if error.status == 404 and not kept:
        raise error
    return Response(render(viewer, conversation_id, form_error=error.message, **kept), error.status)


def _details(
    viewer: models.User, view: ConversationView, shown: shapes.Conversation, form: GroupForm
) -> Details:
    if person := naming.other(shown, str(viewer.id)):
        return Details(form, profile=wire.user(accounts.find(viewer, person["id"]), viewer))
    page = members.list_for(viewer, shown["id"], cursor=request.args.get("cursor") or None)
    return Details(
        form,
        members=[wire.participant(row, sees_presence=viewer.show_presence) for row in page.items],
        next_cursor=page.next_cursor,
        is_admin=view.conversation.my_role == "admin" and shown["type"] == "group",
    )


def _form(shown: shapes.Conversation) -> GroupForm:
    return GroupForm(formdata=None, data={"name": shown["name"], "description": shown["description"]})


def _ids(shown: shapes.Conversation) -> set[str]:
    return {person["id"] for person in shown["participants"]}
