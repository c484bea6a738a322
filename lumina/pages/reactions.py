"""Reactions to a message, and who left them."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from lumina.pages.requests import is_fetch, is_fragment
from lumina.pages.session import actor
from lumina.presenters import fragments, wire
from lumina.presenters import reactions as presented
from lumina.services import reactions

blueprint = Blueprint(
    "reactions", __name__, url_prefix="/conversations/<conversation_id>/messages/<message_id>/reactions"
)


@blueprint.get("")
def index(conversation_id: str, message_id: str) -> str | BaseResponse:
    """Who reacted with what and when."""
    if not (is_fragment() or is_fetch()):
        return redirect(f"/conversations/{conversation_id}/messages/{message_id}", 303)
    viewer = actor()
    groups = presented.groups(reactions.reactors(viewer, message_id))
    return render_template("messages/_reactions_by.html", groups=groups, viewer_id=str(viewer.id))


@blueprint.post("")
def react(conversation_id: str, message_id: str) -> Response | BaseResponse:
    """Leave a reaction, or take it back; without `active` whichever is not yet so."""
    viewer, active = actor(), request.form.get("active")
    view = reactions.react(
        viewer, message_id, request.form.get("reaction", ""), None if active is None else active == "1"
    )
    if is_fetch() or is_fragment():
        return Response(fragments.bubble(wire.message(view, viewer)))
    return redirect(f"/conversations/{conversation_id}/messages/{message_id}", 303)
