"""Having nothing more to do with somebody, and closing one's account."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from lumina.errors import LuminaError
from lumina.pages import details, opened, session, settings
from lumina.pages.forms import CloseForm
from lumina.pages.requests import is_fragment, local_path
from lumina.pages.session import actor
from lumina.presenters.texts import t
from lumina.services import blocks, closing, conversations

blueprint = Blueprint("parting", __name__)


@blueprint.post("/conversations/<conversation_id>/block")
def block_here(conversation_id: str) -> Response | BaseResponse:
    """Block the other one of two, or no longer; the answer is the part of the page that asked: details or composer."""
    viewer = actor()
    other = blocks.other_in(viewer, conversations.find(viewer, conversation_id))
    blocks.change(viewer, str(other), blocked=_wanted())
    if request.form.get("at") == "details":
        return details.done(viewer, conversation_id)
    if not is_fragment():
        return redirect(f"/conversations/{conversation_id}", 303)
    context = opened.pane_context(viewer, conversations.find(viewer, conversation_id))
    return Response(render_template("messages/_writing.html", viewer_id=str(viewer.id), **context))


@blueprint.post("/people/<user_id>/block")
def block(user_id: str) -> BaseResponse:
    """Block somebody, or no longer, and go back to where that was asked."""
    viewer, is_wanted = actor(), _wanted()
    person = blocks.change(viewer, user_id, blocked=is_wanted)
    flash(t("block.done" if is_wanted else "block.undone", name=person.name), "good")
    return redirect(local_path(request.form.get("next")) or "/settings#blocked", 303)


def _wanted() -> bool:
    return request.form.get("blocked") != "0"


@blueprint.post("/settings/close")
def close() -> Response | BaseResponse:
    """Close the account for good; this browser keeps nothing of it."""
    viewer, form = actor(), CloseForm()
    # Far down the page: what was refused is looked for there.
    form.close_password.render_kw = {**form.close_password.render_kw, "autofocus": "autofocus"}
    if not form.validate_on_submit():
        return Response(settings.render(viewer, close_form=form), 400)
    try:
        closing.close(viewer, form.close_password.data)
    except LuminaError as error:
        if error.code == "wrong_password":
            form.refuse(error)
        page = settings.render(viewer, close_form=form, close_error=error)
        return Response(page, error.status)
    session.forget()
    flash(t("close.done"), "good")
    response = redirect("/login", 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
