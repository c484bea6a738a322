"""Messages."""

from __future__ import annotations

from lumina import models
from lumina.models.messages import text_of
from lumina.models.statements.messages import EXCERPT
from lumina.presenters import shapes, system_lines
from lumina.presenters.wire.files import attachment, thumb
from lumina.presenters.wire.money import escrow
from lumina.presenters.wire.people import person
from lumina.presenters.wire.values import maybe_id, maybe_time, time
from lumina.services import edits
from lumina.services.search import Result
from lumina.services.text import excerpt
from lumina.services.views import MessageView, Person, Reacted, Reply

MESSAGES_KEPT, LONGEST_KEPT = 4096, 4000
_messages: dict[tuple[object, ...], shapes.Message] = {}


def message(view: MessageView, viewer: models.User | None = None) -> shapes.Message:
    """A message; for a viewer with what only they may know.

    The shape is kept per version, with what changes without one in its key, and shared by all who ask: it must not be
    changed.
    """
    row, sender, reply = view.message, view.sender, view.reply
    key = (
        row.id,
        row.version,
        # A version whose transaction failed is taken again, by another change.
        row.updated_at,
        row.purge_at,
        sender.first_name,
        sender.last_name,
        sender.photo_key,
        reply and (reply.version, reply.first_name, reply.last_name),
        view.escrow and (view.escrow.state, view.escrow.opened_at, view.escrow.reminders),
    )
    kept = _messages.get(key)
    if kept is None:
        kept = _message(view)
        if len(kept["content"]) <= LONGEST_KEPT:
            _keep(key, kept)
    shape = kept
    if view.hidden_by:
        shape = {**shape, "deletedBy": [str(view.hidden_by)]}
    if viewer and view.standing:
        status, delivered_at, read_at = view.standing
        times = {"deliveredAt": maybe_time(delivered_at), "readAt": maybe_time(read_at)}
        shape = {**shape, "status": status, **times}  # type: ignore[typeddict-item]
    return shape


def _keep(key: tuple[object, ...], shape: shapes.Message) -> None:
    _messages[key] = shape
    if len(_messages) > MESSAGES_KEPT:
        # Oldest first: a dict remembers the order of insertion.
        _messages.pop(next(iter(_messages)), None)


def _message(view: MessageView) -> shapes.Message:
    row = view.message
    gone = bool(row.deleted_at or row.expired_at)
    shape: shapes.Message = {
        "id": str(row.id),
        "conversationId": str(row.conversation_id),
        "senderId": str(row.sender_id),
        "receiverId": maybe_id(view.receiver_id),
        "sender": person(view.sender),
        "content": system_lines.words(row.system, _name(view.sender)) if row.system else text_of(row),
        "messageType": row.type,  # type: ignore[typeddict-item]
        "isPriority": row.is_priority,
        "priorityLevel": row.priority_level,  # type: ignore[typeddict-item]
        "attachments": [] if gone else [attachment(row) for row in view.attachments],
        "status": "sent",
        "deliveredAt": None,
        "readAt": None,
        "replyTo": maybe_id(row.reply_to_id),
        "replyPreview": None if gone else _reply_preview(row.reply_to_id, view.reply),
        "reactions": [] if gone else [_reaction(reacted) for reacted in view.reactions],
        "expiresAt": maybe_time(row.expires_at),
        "editedAt": maybe_time(row.edited_at),
        "isDeleted": gone,
        "deletedBy": [str(row.deleted_by_id)] if row.deleted_by_id else [],
        "clientMessageId": row.client_message_id,
        "position": row.position,
        "version": row.version,
        "createdAt": time(row.created_at),
        "updatedAt": time(row.updated_at),
    }
    if row.system:
        shape["system"] = row.system  # type: ignore[typeddict-item]
    if row.mentions and not gone:
        shape["mentions"] = [{"userId": str(user_id), "name": name} for user_id, name in row.mentions]
    if row.link_preview and not gone:
        shape["linkPreview"] = row.link_preview  # type: ignore[typeddict-item]
    if row.forwarded:
        shape["forwarded"] = True
    if row.pinned_at:
        shape["pinnedAt"] = time(row.pinned_at)
    if row.purge_at and not row.expired_at:
        shape["restorableUntil"] = time(row.purge_at)
    if row.expired_at:
        shape["expired"] = True
    if view.escrow:
        shape["escrow"] = escrow(view.escrow)
    return shape


def _name(row: Person | Reply) -> str:
    return f"{row.first_name} {row.last_name}".strip()


def _reply_preview(replied_id: int | None, reply: Reply | None) -> shapes.ReplyPreview | None:
    if reply is None:
        return None
    shape: shapes.ReplyPreview = {
        "id": str(replied_id),
        "senderId": str(reply.sender_id),
        "senderName": _name(reply),
        "content": "" if reply.is_gone else excerpt(reply.content, EXCERPT),
        "messageType": reply.type,
        "isDeleted": reply.is_gone,
    }
    if reply.thumb_id and not reply.is_gone:
        shape["thumbnailUrl"] = thumb(reply.thumb_id)
    return shape


def _reaction(reacted: Reacted) -> shapes.Reaction:
    return {
        "userId": str(reacted.user_id),
        "reaction": reacted.reaction,
        "createdAt": time(reacted.created_at),
    }


def edit(row: edits.Edit) -> shapes.Edit:
    """What a message said before, and since when."""
    return {"content": row.content, "createdAt": time(row.written_at)}


def found(result: Result, viewer: models.User) -> shapes.Found:
    """What a search has found, with the place in the text."""
    return {
        "message": message(result.view, viewer),
        "snippet": result.snippet,
        "highlights": result.highlights,
    }
