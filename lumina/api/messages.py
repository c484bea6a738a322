"""Messages: sending one, finding one, and all that can happen to it."""

from __future__ import annotations

from lumina.api.route import Files, route
from lumina.models import User
from lumina.presenters import shapes, wire
from lumina.schemas import messages as schemas
from lumina.services import attachments, deletions, edits, forwarding, messages, pins, reactions
from lumina.services.views import Attached, MessageView

ONE = {"message": shapes.Message}
MANY = {"messages": list[shapes.Message]}


def _one(actor: User, view: MessageView) -> dict[str, object]:
    return {"message": wire.message(view, actor)}


def _many(actor: User, views: list[MessageView]) -> dict[str, object]:
    return {"messages": [wire.message(view, actor) for view in views]}


@route(
    "POST",
    "/messages",
    body=schemas.SendMessage,
    answer=ONE,
    status=201,
    files=Files("attachments", attachments.MOST),
)
def send(actor: User, body: schemas.SendMessage, uploads: list[Attached]) -> dict[str, object]:
    """Send a message, by multipart together with its files."""
    arguments = body.arguments()
    arguments["attachment_ids"] += [str(one.id) for one in uploads]
    return _one(actor, messages.send(actor, arguments.pop("conversation_id"), **arguments))


@route("GET", "/messages/<message_id>", answer=ONE)
def find(actor: User, message_id: str) -> dict[str, object]:
    """One message."""
    return _one(actor, messages.find(actor, message_id))


@route("PATCH", "/messages/<message_id>", body=schemas.EditMessage, answer=ONE)
def edit(actor: User, message_id: str, body: schemas.EditMessage) -> dict[str, object]:
    """Edit a message, by its sender, within EDIT_WINDOW_SECONDS."""
    return _one(actor, edits.edit(actor, message_id, body.content))


@route("GET", "/messages/<message_id>/edits", answer={"edits": list[shapes.Edit]})
def earlier(actor: User, message_id: str) -> dict[str, object]:
    """What a message said before it was edited, oldest first; `createdAt` is when that was written."""
    return {"edits": [wire.edit(row) for row in edits.history(actor, message_id)]}


@route("PUT", "/messages/<message_id>/reactions", body=schemas.React, answer=ONE)
def react(actor: User, message_id: str, body: schemas.React) -> dict[str, object]:
    """Toggle one's reaction, or set it to `active`."""
    return _one(actor, reactions.react(actor, message_id, body.reaction, body.active))


@route("DELETE", "/messages/<message_id>", query=schemas.DeleteMessage, answer=ONE)
def delete(actor: User, message_id: str, query: schemas.DeleteMessage) -> dict[str, object]:
    """Delete a message for everyone (its sender, or an admin of the group), or for oneself."""
    return _one(actor, deletions.delete(actor, message_id, query.scope))


@route("POST", "/messages/<message_id>/restore", answer=ONE)
def restore(actor: User, message_id: str) -> dict[str, object]:
    """Bring back what one has deleted for everyone, within RESTORE_WINDOW_SECONDS."""
    return _one(actor, deletions.restore(actor, message_id))


@route("PUT", "/messages/<message_id>/pin", body=schemas.PinMessage, answer=ONE)
def pin(actor: User, message_id: str, body: schemas.PinMessage) -> dict[str, object]:
    """Pin a message in its conversation, or take the pin out. At most ten are pinned."""
    return _one(actor, pins.pin(actor, message_id, body.pinned))


@route("GET", "/messages/conversations/<conversation_id>/pins", answer=MANY)
def pinned(actor: User, conversation_id: str) -> dict[str, object]:
    """The pinned messages of a conversation, the newest pin first."""
    return _many(actor, pins.list_for(actor, conversation_id))


@route("POST", "/messages/<message_id>/forward", body=schemas.ForwardMessage, answer=MANY, status=201)
def forward(actor: User, message_id: str, body: schemas.ForwardMessage) -> dict[str, object]:
    """Send what a message says to other conversations, to all of them or none."""
    return _many(actor, forwarding.forward(actor, message_id, body.conversation_ids))
