"""The settings of a conversation, and muting it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import clock, models
from lumina.errors import Invalid, LuminaError
from lumina.pages import details
from lumina.pages.requests import is_fetch, is_fragment
from lumina.pages.session import actor
from lumina.presenters import wire
from lumina.services import conversations, settings
from lumina.services.settings import LEVELS

blueprint = Blueprint("conversation_settings", __name__, url_prefix="/conversations/<conversation_id>")

SWITCHES = ("notifications", "allow_file_sharing", "allow_voice_messages")


@blueprint.get("/settings")
def show(conversation_id: str) -> str | BaseResponse:
    """The part of the details that holds them."""
    if not is_fragment():
        return redirect(f"/conversations/{conversation_id}/details", 303)
    return _render(actor(), conversation_id)


@blueprint.post("/settings")
def change(conversation_id: str) -> Response | BaseResponse:
    """Whichever of the switches and the auto-delete time the form holds."""
    viewer = actor()
    try:
        given: dict[str, Any] = {name: request.form[name] != "0" for name in SWITCHES if name in request.form}
        if "notification_level" in request.form:
            given["notification_level"] = _level(request.form["notification_level"])
        if "auto_delete_after" in request.form:
            given["auto_delete_after"] = _seconds("auto_delete_after", or_never=True)
        settings.change(viewer, conversation_id, **given)
    except LuminaError as error:
        return _refused(viewer, conversation_id, error)
    return _done(viewer, conversation_id)


@blueprint.post("/mute")
def mute(conversation_id: str) -> Response | BaseResponse:
    """For a while, until a moment, for good, or no longer."""
    viewer = actor()
    try:
        chosen = request.form.get("for")
        until = None if chosen in ("off", "forever") else _until(chosen)
        settings.mute(viewer, conversation_id, muted=chosen != "off", muted_until=until)
    except LuminaError as error:
        return _refused(viewer, conversation_id, error)
    return _done(viewer, conversation_id)


def _done(viewer: models.User, conversation_id: str) -> Response | BaseResponse:
    if is_fragment():
        return Response(_render(viewer, conversation_id))
    return redirect(f"/conversations/{conversation_id}/details", 303)


def _refused(viewer: models.User, conversation_id: str, error: LuminaError) -> Response:
    if is_fetch() or error.status == 404:
        raise error
    render = _render if is_fragment() else details.render
    return Response(render(viewer, conversation_id, settings_error=error.message), error.status)


def _render(viewer: models.User, conversation_id: str, *, settings_error: str | None = None) -> str:
    view = conversations.find(viewer, conversation_id)
    return render_template(
        "members/_settings.html",
        conversation=wire.conversation(view, viewer),
        may_share=details.may_share(view),
        settings_error=settings_error,
    )


def _level(text: str) -> str:
    if text not in LEVELS:
        raise Invalid.field("notification_level", "This is all, mentions or none.")
    return text


def _until(chosen: str | None) -> datetime:
    if chosen != "until":
        return clock.now() + timedelta(seconds=_seconds("for") or 0)
    try:
        moment = datetime.fromisoformat(request.form.get("until", ""))
        # Without script the field knows no zone, and its hint says UTC.
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Invalid.field("until", "Please choose a date and a time.") from None


def _seconds(name: str, *, or_never: bool = False) -> int | None:
    text = request.form.get(name, "")
    if not text and or_never:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise Invalid.field(name, "This is not a number of seconds.")
    return int(text)
