"""Previews of links."""

from __future__ import annotations

from lumina.api.route import route
from lumina.models import User
from lumina.presenters import shapes, wire
from lumina.services import link_previews


@route("DELETE", "/messages/<message_id>/preview", answer={"message": shapes.Message})
def remove(actor: User, message_id: str) -> dict[str, object]:
    """Take the preview of a link off one's own message."""
    return {"message": wire.message(link_previews.remove(actor, message_id), actor)}
