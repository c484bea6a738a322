"""Messages: sending one, finding one."""

from __future__ import annotations

from lumina.api.route import route
from lumina.models import User
from lumina.presenters import shapes, wire
from lumina.schemas import messages as schemas
from lumina.services import messages

ONE = {"message": shapes.Message}


@route("POST", "/messages", body=schemas.SendMessage, answer=ONE, status=201)
def send(actor: User, body: schemas.SendMessage) -> dict[str, object]:
    """Send a message."""
    return {"message": wire.message(messages.send(actor, **body.arguments()), actor)}


@route("GET", "/messages/<message_id>", answer=ONE)
def find(actor: User, message_id: str) -> dict[str, object]:
    """One message."""
    return {"message": wire.message(messages.find(actor, message_id), actor)}
