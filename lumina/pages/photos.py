"""Photos of oneself and of groups."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import bodies, models
from lumina.errors import Invalid, LuminaError
from lumina.pages import details, uploads
from lumina.pages.session import actor
from lumina.presenters.texts import t
from lumina.services import accounts, conversations

blueprint = Blueprint("photos", __name__)


@blueprint.post("/settings/photo")
def own() -> BaseResponse:
    """Take a photo of oneself, or take it away."""
    viewer = actor()
    try:
        accounts.update_profile(viewer, avatar=_chosen(viewer))
        flash(t("settings.saved"), "good")
    except LuminaError as error:
        flash(error.message, "bad")
    return redirect("/settings#profile", 303)


@blueprint.post("/conversations/<conversation_id>/photo")
def of_group(conversation_id: str) -> BaseResponse:
    """Take a photo for a group, or take it away."""
    viewer = actor()
    conversations.find(viewer, conversation_id)
    try:
        conversations.update(viewer, conversation_id, avatar=_chosen(viewer))
    except LuminaError as error:
        return details.refused(viewer, conversation_id, error)
    return details.done(viewer, conversation_id)


def _chosen(viewer: models.User) -> str:
    """The upload's id; nothing where the photo is to go."""
    if "remove" in request.form:
        return ""
    sent = uploads.chosen("photo")
    if not sent:
        raise Invalid(t("photo.none"))
    return str(uploads.keep(viewer, sent[:1])[0].id)


bodies.takes(own, 1)
bodies.takes(of_group, 1)
