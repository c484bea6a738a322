"""The files of a conversation, by kind, as the details list them."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from lumina.pages.requests import is_fragment
from lumina.pages.session import actor
from lumina.presenters import wire
from lumina.services import attachments

blueprint = Blueprint("shared_files", __name__)


@blueprint.get("/conversations/<conversation_id>/files")
def index(conversation_id: str) -> str | BaseResponse:
    """A page of them, the newest first."""
    viewer, kind = actor(), request.args.get("kind", "media")
    page = attachments.shared(viewer, conversation_id, kind, cursor=request.args.get("cursor") or None)
    if not is_fragment():
        return redirect(f"/conversations/{conversation_id}/details", 303)
    return render_template(
        "members/_files.html",
        conversation_id=conversation_id,
        kind=kind,
        kinds=list(attachments.KINDS),
        is_first=not request.args.get("cursor"),
        shared=[wire.shared(one) for one in page.items],
        next_cursor=page.next_cursor,
    )
