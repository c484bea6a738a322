"""The list, an open conversation, and beginning a new one."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import LuminaError
from lumina.pages import opened, people, shell
from lumina.pages.requests import is_fetch, is_fragment
from lumina.pages.session import actor
from lumina.presenters import fragments, wire
from lumina.presenters.texts import t
from lumina.services import conversations, receipts

blueprint = Blueprint("conversations", __name__, url_prefix="/conversations")


@blueprint.get("")
def index() -> str:
    """The inbox, or its list under another tab or search, or further rows."""
    viewer = actor()
    if not is_fragment():
        return shell.render_inbox(viewer)
    # htmx swaps the list together with its tabs; our own code and "show more" want the rows alone.
    alone = is_fetch() or request.args.get("cursor")
    template = "_rows.html" if alone else "_rows_and_tabs.html"
    context = shell.list_context(viewer, shell.list_asked_for(viewer))
    return render_template(f"conversations/{template}", **context)


@blueprint.get("/forward")
def choices() -> str | BaseResponse:
    """Where a message can be forwarded to: what is chosen already, then whatever matches."""
    if not (is_fetch() or is_fragment()):
        return redirect("/conversations", 303)
    viewer, chosen = actor(), request.args.getlist("conversation_id")
    kept = [conversations.find(viewer, conversation_id) for conversation_id in chosen]
    found = conversations.list_for(viewer, query=request.args.get("query") or None).items
    shown = [wire.conversation(view, viewer) for view in [*kept, *found]]
    return render_template(
        "conversations/_choices.html",
        choices=[each for each in {one["id"]: one for one in shown}.values() if each["isActive"]],
        chosen=chosen,
        viewer_id=str(viewer.id),
    )


@blueprint.get("/<conversation_id>")
def show(conversation_id: str) -> str:
    """One conversation."""
    return opened.render(
        actor(), conversation_id, before=request.args.get("before"), after=request.args.get("after")
    )


@blueprint.get("/<conversation_id>/messages/<message_id>")
def show_around(conversation_id: str, message_id: str) -> str:
    """One conversation, opened at a message."""
    return opened.render(actor(), conversation_id, around=message_id)


@blueprint.get("/<conversation_id>/row")
def row(conversation_id: str) -> str:
    """Its row in the list, as it is now."""
    viewer = actor()
    return fragments.row(wire.conversation(conversations.find(viewer, conversation_id), viewer), viewer)


@blueprint.post("/<conversation_id>/read")
def read(conversation_id: str) -> Response | BaseResponse:
    """Read up to a message."""
    receipts.mark_read(actor(), conversation_id, request.form.get("message_id", ""))
    return Response(status=204) if is_fetch() else redirect(f"/conversations/{conversation_id}", 303)


@blueprint.post("/<conversation_id>/unread")
def unread(conversation_id: str) -> Response | BaseResponse:
    """Put a mark on it, until it is read again."""
    receipts.mark_unread(actor(), conversation_id)
    return Response(status=204) if is_fetch() else redirect("/conversations", 303)


@blueprint.post("/<conversation_id>/archive")
def archive(conversation_id: str) -> Response | BaseResponse:
    """Put away, or back."""
    conversations.archive(actor(), conversation_id, archived=request.form.get("archived") != "0")
    return Response(status=204) if is_fetch() else redirect("/conversations", 303)


@blueprint.get("/new")
def new() -> str:
    """Whom to write to."""
    return _new_page(actor())


@blueprint.post("/new")
def start() -> Response | BaseResponse:
    """Write to one person, or make a group of several."""
    viewer = actor()
    chosen, name = request.form.getlist("user_id"), request.form.get("name", "").strip()
    if direct := people.first_meant(viewer, request.form):
        chosen, name = [direct], ""
    if not chosen or request.form.get("action") == "search":
        return Response(_new_page(viewer))
    kind = "direct" if len(chosen) == 1 and not name else "group"
    try:
        view, _ = conversations.start(viewer, type=kind, participant_ids=chosen, name=name or None)
    except LuminaError as error:
        return Response(_new_page(viewer, error.message), error.status)
    return redirect(f"/conversations/{view.conversation.id}", 303)


def _new_page(viewer: models.User, form_error: str | None = None) -> str:
    return shell.render_inbox(
        viewer,
        "conversations/new.html",
        pane="conversation",
        page_title=t("new.title"),
        form_error=form_error,
        group_name=request.form.get("name", ""),
        **people.rows_context(viewer, request.form, mode="start"),
    )
