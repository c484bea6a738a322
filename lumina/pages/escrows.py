"""The purchases of a conversation, and the steps that a person takes with one."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import LuminaError
from lumina.pages import details, opened
from lumina.pages.requests import as_typed, is_fetch, is_fragment
from lumina.pages.session import actor
from lumina.services import escrows

blueprint = Blueprint("escrows", __name__)


@blueprint.get("/conversations/<conversation_id>/composer")
def composer(conversation_id: str) -> str | BaseResponse:
    """Where one writes, as it is now."""
    if not (is_fragment() or is_fetch()):
        return redirect(f"/conversations/{conversation_id}", 303)
    return render_template("messages/_composer.html", **opened.composer_context(actor(), conversation_id))


@blueprint.get("/conversations/<conversation_id>/purchases")
def index(conversation_id: str) -> str | BaseResponse:
    """The part of the details that tells what was bought."""
    if not is_fragment():
        return redirect(f"/conversations/{conversation_id}/details", 303)
    return render_template("members/_purchases.html", **details.purchases_context(actor(), conversation_id))


@blueprint.post("/escrows/<escrow_id>/cancel")
def cancel(escrow_id: str) -> Response | BaseResponse:
    """The client takes the question back."""
    return _step(escrow_id, lambda viewer: escrows.cancel(viewer, escrow_id))


@blueprint.post("/escrows/<escrow_id>/decline")
def decline(escrow_id: str) -> Response | BaseResponse:
    """The expert gives the money back."""
    return _step(escrow_id, lambda viewer: escrows.decline(viewer, escrow_id))


@blueprint.post("/escrows/<escrow_id>/dispute")
def dispute(escrow_id: str) -> Response | BaseResponse:
    """The client objects to the answer."""
    reason = as_typed(request.form.get("reason", ""))
    return _step(escrow_id, lambda viewer: escrows.dispute(viewer, escrow_id, reason), reason)


def _step(escrow_id: str, take: Callable[[models.User], object], reason: str = "") -> Response | BaseResponse:
    viewer = actor()
    conversation_id = str(escrows.find(viewer, escrow_id).conversation_id)
    try:
        take(viewer)
    except LuminaError as error:
        if is_fetch():
            raise
        refused = details.RefusedStep(escrow_id, error.message, reason)
        return Response(details.render(viewer, conversation_id, refused_step=refused), error.status)
    return details.done(viewer, conversation_id)
