"""The messages of a conversation: further pages of its history, and sending."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import bodies, clock
from lumina.errors import Invalid, LuminaError
from lumina.pages import opened, uploads
from lumina.pages.requests import as_typed, is_fetch, is_fragment
from lumina.pages.session import actor
from lumina.presenters import fragments, wire
from lumina.services import attachments, conversations, deletions, messages
from lumina.services.purchases import PAID_LEVELS
from lumina.services.uploads import discard
from lumina.services.views import Attached

LONGEST = 365 * 24 * 3600
LONGEST_PRICE = 15

blueprint = Blueprint("messages", __name__, url_prefix="/conversations/<conversation_id>/messages")


@blueprint.get("")
def index(conversation_id: str) -> str | BaseResponse:
    """Bubbles before or after a message, or all that changed since a version."""
    since, before, after = (request.args.get(name) for name in ("since", "before", "after"))
    if not (is_fragment() or is_fetch()):
        return redirect(f"/conversations/{conversation_id}", 303)
    viewer = actor()
    view = conversations.find(viewer, conversation_id)
    hidden: list[int] = []
    if since is not None:
        changes = messages.changes(viewer, view, _version(since))
        found, has_more = changes.messages, changes.has_more
        hidden = deletions.hidden_ids(viewer, view.conversation.id)
    else:
        history = messages.history(viewer, view, before=before, after=after)
        found, has_more = history.messages, history.has_newer if after else history.has_older
    return render_template(
        "messages/_page.html",
        bubbles=fragments.bubbles([wire.message(message, viewer) for message in found]),
        has_more=has_more,
        version=view.conversation.version,
        hidden=hidden,
    )


@blueprint.post("")
def create(conversation_id: str) -> Response | BaseResponse:
    """Send what the composer holds."""
    viewer, content = actor(), as_typed(request.form.get("content", ""))
    kept: list[Attached] = []
    try:
        kept = uploads.keep(viewer, uploads.chosen("attachments"))
        view = messages.send(
            viewer,
            conversation_id,
            content=content,
            type="voice" if request.form.get("message_type") == "voice" else "text",
            attachment_ids=[*request.form.getlist("attachment_ids"), *(str(one.id) for one in kept)],
            client_message_id=request.form.get("client_message_id") or None,
            reply_to=request.form.get("reply_to") or None,
            expires_at=_moment_in(request.form.get("expires_in")),
            **_paid(),
        )
    except LuminaError as error:
        if kept:
            discard(viewer, [one.id for one in kept])
        if is_fetch() or error.status == 404:
            raise
        page = opened.render(
            viewer,
            conversation_id,
            draft=content,
            composer_error=error.message,
            composer_code=error.code,
            chosen_level=request.form.get("priority_level", "normal"),
        )
        return Response(page, error.status)
    sent = wire.message(view, viewer)
    if is_fetch() or is_fragment():
        return Response(fragments.bubble(sent), 201)
    return redirect(f"/conversations/{conversation_id}#message-{sent['id']}", 303)


def _paid() -> dict[str, Any]:
    """The level that was chosen and the price that stood beside it; without script each level brings its own along."""
    level = request.form.get("priority_level") or "normal"
    if level == "normal":
        return {}
    if level not in PAID_LEVELS:
        raise Invalid.field("priority_level", "There is no such level.")
    price = request.form.get("priority_price_minor") or request.form.get(f"{level}_price_minor") or ""
    if not (price.isascii() and price.isdecimal() and len(price) <= LONGEST_PRICE):
        raise Invalid.field("priority_price_minor", "This is no price.")
    return {"is_priority": True, "priority_level": level, "price_minor": int(price)}


def _moment_in(seconds: str | None) -> datetime | None:
    if not seconds:
        return None
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= 9 and 0 < int(seconds) <= LONGEST):
        raise Invalid.field("expires_in", "This is no length of time.")
    return clock.now() + timedelta(seconds=int(seconds))


def _version(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Invalid.field("since", "This is not a version.")
    return int(text)


bodies.takes(create, attachments.MOST)
