"""Who has received and read one's message, and when."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from lumina.pages.requests import is_fetch, is_fragment
from lumina.pages.session import actor
from lumina.presenters import receipts as presented
from lumina.services import receipts

blueprint = Blueprint(
    "receipts", __name__, url_prefix="/conversations/<conversation_id>/messages/<message_id>/receipts"
)


@blueprint.get("")
def index(conversation_id: str, message_id: str) -> str | BaseResponse:
    """Those who have read it first."""
    if not (is_fragment() or is_fetch()):
        return redirect(f"/conversations/{conversation_id}/messages/{message_id}", 303)
    found = receipts.of_message(actor(), message_id)
    return render_template("messages/_receipts.html", receipts=presented.listed(found))
