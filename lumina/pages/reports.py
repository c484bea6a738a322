"""Telling the admins of a message or of somebody: a page with the question, and a word of thanks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import LuminaError
from lumina.pages import shell
from lumina.pages.requests import as_typed, local_path
from lumina.pages.session import actor
from lumina.presenters import wire
from lumina.presenters.texts import t
from lumina.services import accounts, blocks, messages, reports

blueprint = Blueprint("reports", __name__)


@dataclass(frozen=True)
class Subject:
    """What the page is about: whom, by which message, where it is, and where one came from."""

    user: models.User
    path: str
    back: str
    section: str
    quote: str | None = None
    files: list[str] = field(default_factory=list)


@blueprint.get("/conversations/<conversation_id>/messages/<message_id>/report")
def ask_about_message(conversation_id: str, message_id: str) -> str:
    """What is wrong with this message?"""
    viewer = actor()
    return _page(viewer, _message(viewer, conversation_id, message_id))


@blueprint.post("/conversations/<conversation_id>/messages/<message_id>/report")
def report_message(conversation_id: str, message_id: str) -> Response | BaseResponse:
    """Report it."""
    viewer = actor()
    subject = _message(viewer, conversation_id, message_id)
    return _report(viewer, subject, lambda **told: reports.message(viewer, message_id, **told))


@blueprint.get("/people/<user_id>/report")
def ask_about_person(user_id: str) -> str:
    """What is wrong with this person?"""
    viewer = actor()
    return _page(viewer, _person(viewer, user_id))


@blueprint.post("/people/<user_id>/report")
def report_person(user_id: str) -> Response | BaseResponse:
    """Report them."""
    viewer = actor()
    return _report(viewer, _person(viewer, user_id), lambda **told: reports.person(viewer, user_id, **told))


def _message(viewer: models.User, conversation_id: str, message_id: str) -> Subject:
    found = wire.message(messages.find(viewer, message_id), viewer)
    here = f"/conversations/{found['conversationId']}/messages/{message_id}"
    return Subject(
        user=accounts.find(viewer, found["senderId"]),
        path=f"{here}/report",
        back=here,
        section="inbox",
        quote=found["content"],
        files=[one["fileName"] for one in found["attachments"]],
    )


def _person(viewer: models.User, user_id: str) -> Subject:
    back = local_path(request.values.get("next"))
    return Subject(
        user=accounts.find(viewer, user_id),
        path=f"/people/{user_id}/report",
        back=back or "/conversations",
        section="inbox" if (back or "").startswith("/conversations") else "experts",
    )


def _report(
    viewer: models.User, subject: Subject, report: Callable[..., models.Report]
) -> Response | BaseResponse:
    form = request.form
    try:
        report(reason=form.get("reason", ""), note=as_typed(form.get("note", "")))
    except LuminaError as error:
        return Response(_page(viewer, subject, error), error.status)
    return redirect(f"{subject.path}?{urlencode({'done': '1', 'next': subject.back})}", 303)


def _page(viewer: models.User, subject: Subject, error: LuminaError | None = None) -> str:
    is_done = error is None and "done" in request.args
    fields = {one["field"]: one["message"] for one in error.errors} if error else {}
    context: dict[str, Any] = {
        "person": wire.person(subject.user),
        "is_blocked": is_done and blocks.has_blocked(viewer, subject.user.id),
        "subject": subject,
        "reasons": reports.REASONS,
        "note_length": reports.NOTE,
        "typed": request.form,
        "field_errors": fields,
        "form_error": error.message if error and not fields else None,
        "is_done": is_done,
    }
    key = "report.done_title" if is_done else "report.message" if subject.quote is not None else "report.whom"
    title = t(key, name=subject.user.name)
    return shell.render(
        "reports/report.html",
        viewer,
        section=subject.section,
        pane="conversation",
        page_title=title,
        heading=title,
        **context,
    )
