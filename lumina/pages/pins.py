"""The bar of a conversation's pinned messages."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.pages.requests import is_fetch, is_fragment
from lumina.pages.session import actor
from lumina.presenters import shapes, wire
from lumina.services import pins
from lumina.services.views import ConversationView

blueprint = Blueprint("pins", __name__, url_prefix="/conversations/<conversation_id>")


@blueprint.get("/pins")
def index(conversation_id: str) -> str | BaseResponse:
    """What the bar shows, as it is now."""
    if not (is_fragment() or is_fetch()):
        return redirect(f"/conversations/{conversation_id}", 303)
    viewer = actor()
    found = [wire.message(view, viewer) for view in pins.list_for(viewer, conversation_id)]
    return render_template("messages/_pins.html", pins=found)


def listed_in(viewer: models.User, conversation: ConversationView) -> list[shapes.Message]:
    """The pinned messages of a conversation that has been found already, the newest pin first."""
    return [wire.message(view, viewer) for view in pins.list_in(viewer, conversation)]
