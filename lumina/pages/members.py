"""The details of a conversation: who belongs to it, what it is called."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from lumina.errors import LuminaError
from lumina.pages import details
from lumina.pages.forms import GroupForm
from lumina.pages.session import actor
from lumina.services import conversations, members

blueprint = Blueprint("members", __name__, url_prefix="/conversations/<conversation_id>")


@blueprint.get("/details")
def show(conversation_id: str) -> str:
    """The pane, or the page with the pane open."""
    return details.render(actor(), conversation_id)


@blueprint.post("/members")
def add(conversation_id: str) -> Response | BaseResponse:
    """Let people in, or look for them."""
    viewer, chosen = actor(), request.form.getlist("user_id")
    if not chosen or request.form.get("action") == "search":
        return Response(details.render(viewer, conversation_id, adding=True))
    try:
        members.add(viewer, conversation_id, chosen)
    except LuminaError as error:
        return details.refused(viewer, conversation_id, error, adding=True)
    return details.done(viewer, conversation_id)


@blueprint.post("/members/<user_id>/remove")
def remove(conversation_id: str, user_id: str) -> Response | BaseResponse:
    """Remove somebody, or leave."""
    viewer = actor()
    try:
        remaining = members.remove(viewer, conversation_id, user_id)
    except LuminaError as error:
        return details.refused(viewer, conversation_id, error)
    return details.done(viewer, conversation_id) if remaining else redirect("/conversations", 303)


@blueprint.post("/rename")
def rename(conversation_id: str) -> Response | BaseResponse:
    """Change the group's name and description."""
    viewer, form = actor(), GroupForm()
    if not form.validate_on_submit():
        return Response(details.render(viewer, conversation_id, form=form), 400)
    try:
        conversations.update(
            viewer, conversation_id, name=form.name.data or "", description=form.description.data or ""
        )
    except LuminaError as error:
        form.refuse(error)
        return details.refused(viewer, conversation_id, error, form=form)
    return details.done(viewer, conversation_id)
