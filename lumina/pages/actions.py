"""What can be done with a message that stands in a conversation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from lumina.errors import Invalid
from lumina.pages.requests import as_typed, is_fetch, is_fragment
from lumina.pages.session import actor
from lumina.presenters import fragments, wire
from lumina.services import deletions, edits, forwarding, messages, pins
from lumina.services.views import MessageView

SCOPES = ("everyone", "me")

blueprint = Blueprint(
    "actions", __name__, url_prefix="/conversations/<conversation_id>/messages/<message_id>"
)


@blueprint.get("/source")
def source(conversation_id: str, message_id: str) -> dict[str, Any]:
    """What its sender typed."""
    viewer = actor()
    return {"content": wire.message(messages.find(viewer, message_id), viewer)["content"]}


@blueprint.get("/edits")
def earlier(conversation_id: str, message_id: str) -> str | BaseResponse:
    """What it said before, oldest first, and at last what it says now."""
    if not (is_fragment() or is_fetch()):
        return redirect(f"/conversations/{conversation_id}/messages/{message_id}", 303)
    viewer = actor()
    rows = [wire.edit(row) for row in edits.history(viewer, message_id)]
    shown = wire.message(messages.find(viewer, message_id), viewer)
    now = {"content": shown["content"], "createdAt": shown["editedAt"] or shown["createdAt"]}
    return render_template("messages/_edits.html", edits=[*rows, now])


@blueprint.post("/edit")
def edit(conversation_id: str, message_id: str) -> Response | BaseResponse:
    """Say it differently."""
    return _answer(edits.edit(actor(), message_id, as_typed(request.form.get("content", ""))))


@blueprint.post("/delete")
def delete(conversation_id: str, message_id: str) -> Response | BaseResponse:
    """Delete it for everyone, or for oneself, who then has no bubble of it."""
    scope = request.form.get("scope", SCOPES[0])
    if scope not in SCOPES:
        raise Invalid.field("scope", "This is everyone or me.")
    view = deletions.delete(actor(), message_id, scope)
    if scope == "everyone":
        return _answer(view)
    return (
        Response(status=204)
        if is_fetch()
        else redirect(f"/conversations/{view.message.conversation_id}", 303)
    )


@blueprint.post("/restore")
def restore(conversation_id: str, message_id: str) -> Response | BaseResponse:
    """Bring it back."""
    return _answer(deletions.restore(actor(), message_id))


@blueprint.post("/pin")
def pin(conversation_id: str, message_id: str) -> Response | BaseResponse:
    """Pin it, or take the pin out."""
    return _answer(pins.pin(actor(), message_id, request.form.get("pinned") != "0"))


@blueprint.post("/forward")
def forward(conversation_id: str, message_id: str) -> Response | BaseResponse:
    """Send what it says to other conversations too."""
    sent = forwarding.forward(actor(), message_id, request.form.getlist("conversation_id"))
    if is_fetch():
        return Response(status=204)
    return redirect(f"/conversations/{sent[0].message.conversation_id}", 303)


def _answer(view: MessageView) -> Response | BaseResponse:
    """The bubble as it now is."""
    message = wire.message(view, actor())
    if is_fetch() or is_fragment():
        return Response(fragments.bubble(message))
    return redirect(f"/conversations/{message['conversationId']}/messages/{message['id']}", 303)
