"""The details of a conversation: who belongs to it, what it is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import LuminaError
from lumina.pages import opened, people, shell
from lumina.pages.forms import GroupForm
from lumina.pages.requests import is_fragment
from lumina.pages.session import actor
from lumina.presenters import naming, shapes, wire
from lumina.services import accounts, conversations, members
from lumina.services.views import ConversationView

blueprint = Blueprint("members", __name__, url_prefix="/conversations/<conversation_id>")


@dataclass
class Details:
    """What the pane shows beside the conversation itself."""

    form: GroupForm
    profile: shapes.User | None = None
    members: list[shapes.Participant] = field(default_factory=list)
    next_cursor: str | None = None
    is_admin: bool = False
    adding: dict[str, Any] | None = None


@blueprint.get("/details")
def details(conversation_id: str) -> str:
    """The pane, or the page with the pane open."""
    return _render(actor(), conversation_id)


@blueprint.post("/members")
def add(conversation_id: str) -> Response | BaseResponse:
    """Let people in, or look for them."""
    viewer, chosen = actor(), request.form.getlist("user_id")
    if not chosen or request.form.get("action") == "search":
        return Response(_render(viewer, conversation_id, adding=True))
    try:
        members.add(viewer, conversation_id, chosen)
    except LuminaError as error:
        return _refused(viewer, conversation_id, error, adding=True)
    return _done(viewer, conversation_id)


@blueprint.post("/members/<user_id>/remove")
def remove(conversation_id: str, user_id: str) -> Response | BaseResponse:
    """Remove somebody, or leave."""
    viewer = actor()
    try:
        remaining = members.remove(viewer, conversation_id, user_id)
    except LuminaError as error:
        return _refused(viewer, conversation_id, error)
    return _done(viewer, conversation_id) if remaining else redirect("/conversations", 303)


@blueprint.post("/rename")
def rename(conversation_id: str) -> Response | BaseResponse:
    """Change the group's name and description."""
    viewer, form = actor(), GroupForm()
    if not form.validate_on_submit():
        return Response(_render(viewer, conversation_id, form=form), 400)
    try:
        conversations.update(
            viewer, conversation_id, name=form.name.data or "", description=form.description.data or ""
        )
    except LuminaError as error:
        form.refuse(error)
        return _refused(viewer, conversation_id, error, form=form)
    return _done(viewer, conversation_id)


def _done(viewer: models.User, conversation_id: str) -> Response | BaseResponse:
    if is_fragment():
        return Response(_render(viewer, conversation_id))
    return redirect(f"/conversations/{conversation_id}/details", 303)


def _refused(viewer: models.User, conversation_id: str, error: LuminaError, **kept: Any) -> Response:
    if error.status == 404 and not kept:
        raise error
    return Response(_render(viewer, conversation_id, form_error=error.message, **kept), error.status)


def _render(
    viewer: models.User,
    conversation_id: str,
    *,
    form_error: str | None = None,
    form: GroupForm | None = None,
    adding: bool = False,
) -> str:
    view = conversations.find(viewer, conversation_id)
    shown = wire.conversation(view, viewer)
    found = _details(viewer, view, shown, form or _form(shown))
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
        )
    context = opened.pane_context(viewer, view)
    return shell.render_inbox(viewer, pane="details", details=found, form_error=form_error, **context)


def _details(
    viewer: models.User, view: ConversationView, shown: shapes.Conversation, form: GroupForm
) -> Details:
    if person := naming.other(shown, str(viewer.id)):
        return Details(form, profile=wire.user(accounts.find(viewer, person["id"]), viewer))
    page = members.list_for(viewer, shown["id"], cursor=request.args.get("cursor") or None)
    return Details(
        form,
        members=[wire.participant(row, viewer) for row in page.items],
        next_cursor=page.next_cursor,
        is_admin=view.conversation.my_role == "admin" and shown["type"] == "group",
    )


def _form(shown: shapes.Conversation) -> GroupForm:
    return GroupForm(formdata=None, data={"name": shown["name"], "description": shown["description"]})


def _ids(shown: shapes.Conversation) -> set[str]:
    return {person["id"] for person in shown["participants"]}
