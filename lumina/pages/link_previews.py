"""The preview of a message's link."""

from __future__ import annotations

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as BaseResponse

from lumina.pages.requests import is_fetch, is_fragment
from lumina.pages.session import actor
from lumina.presenters import fragments, wire
from lumina.services import link_previews

blueprint = Blueprint(
    "link_previews", __name__, url_prefix="/conversations/<conversation_id>/messages/<message_id>/preview"
)


@blueprint.post("/remove")
def remove(conversation_id: str, message_id: str) -> Response | BaseResponse:
    """Take it off one's own message."""
    viewer = actor()
    view = link_previews.remove(viewer, message_id)
    if is_fetch() or is_fragment():
        return Response(fragments.bubble(wire.message(view, viewer)))
    return redirect(f"/conversations/{conversation_id}/messages/{message_id}", 303)
