"""The one outside form of rows: API answers and socket payloads alike. Without a viewer, what all may see alike."""

from __future__ import annotations

from datetime import datetime

from lumina import models
from lumina.models.statements import LARGE
from lumina.presenters import shapes
from lumina.services.tokens import Tokens
from lumina.services.views import ConversationView, MessageView, Participant, Person

MESSAGES_KEPT = 4096
_messages: dict[tuple[object, ...], shapes.Message] = {}


def time(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds."""
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def maybe_time(moment: datetime | None) -> str | None:
    return None if moment is None else time(moment)


def maybe_id(row_id: int | None) -> str | None:
    return None if row_id is None else str(row_id)


def person(row: Person) -> shapes.Person:
    """Somebody as they appear beside a message."""
    return {"id": str(row.id), "firstName": row.first_name, "lastName": row.last_name, "avatar": None}


def user(row: models.User, viewer: models.User) -> shapes.User:
    """Somebody's profile; the address is shown to its owner and to admins only."""
    shape: shapes.User = {
        **person(row),  # type: ignore[typeddict-item]
        "headline": row.headline,
        "createdAt": time(row.created_at),
    }
    if row.id == viewer.id or viewer.is_admin:
        shape["email"], shape["isAdmin"] = row.email, row.is_admin
    return shape


def signed_in(row: models.User, pair: Tokens) -> shapes.SignedIn:
    """The answer to registering, signing in and refreshing."""
    return {
        "user": user(row, row),
        "token": pair.token,
        "refreshToken": pair.refresh_token,
        "expiresAt": time(pair.expires_at),
    }


def session(row: models.Session, current_id: int) -> shapes.Session:
    """A signed-in device or program."""
    return {
        "id": str(row.id),
        "kind": row.kind,  # type: ignore[typeddict-item]
        "userAgent": row.user_agent,
        "address": row.address,
        "createdAt": time(row.created_at),
        "lastSeenAt": time(row.last_seen_at),
        "current": row.id == current_id,
    }


def message(view: MessageView, viewer: models.User | None = None) -> shapes.Message:
    """A message; for a viewer with what only they may know, which is nothing yet that others may not.

    The shape is kept per version and shared by all who ask: it must not be changed.
    """
    row, sender = view.message, view.sender
    key = row.id, row.version, row.created_at, sender.first_name, sender.last_name
    shape = _messages.get(key)
    if shape is None:
        shape = _messages[key] = _message(view)
        if len(_messages) > MESSAGES_KEPT:
            # Oldest first: a dict remembers the order of insertion.
            _messages.pop(next(iter(_messages)), None)
    return shape


def _message(view: MessageView) -> shapes.Message:
    row = view.message
    return {
        "id": str(row.id),
        "conversationId": str(row.conversation_id),
        "senderId": str(row.sender_id),
        "receiverId": maybe_id(view.receiver_id),
        "sender": person(view.sender),
        "content": row.content,
        "messageType": row.type,  # type: ignore[typeddict-item]
        "isPriority": row.is_priority,
        "priorityLevel": row.priority_level,  # type: ignore[typeddict-item]
        "attachments": [],
        "status": "sent",
        "deliveredAt": None,
        "readAt": None,
        "replyTo": None,
        "replyPreview": None,
        "reactions": [],
        "expiresAt": None,
        "editedAt": None,
        "isDeleted": False,
        "deletedBy": [],
        "clientMessageId": row.client_message_id,
        "position": row.position,
        "version": row.version,
        "createdAt": time(row.created_at),
        "updatedAt": time(row.updated_at),
    }


def conversation(view: ConversationView, viewer: models.User | None = None) -> shapes.Conversation:
    """A conversation as the viewer sees it; without one, what is broadcast, which lacks each viewer's own fields."""
    row = view.conversation
    shown = [p for p in view.participants if viewer or row.member_count <= LARGE or p.role == "admin"]
    shape: shapes.Conversation = {
        "id": str(row.id),
        "participants": [participant(p, viewer) for p in shown],
        "participantCount": row.member_count,
        "type": row.type,
        "isPriorityConversation": row.type == "priority_dm",
        "lastMessageAt": maybe_time(row.last_message_at),
        "name": row.name,
        "description": row.description,
        "avatar": None,
        "adminId": next((str(p.id) for p in view.participants if p.role == "admin"), None),
        "settings": {
            "autoDeleteAfter": row.auto_delete_after,
            "allowFileSharing": row.allow_file_sharing,
            "allowVoiceMessages": row.allow_voice_messages,
        },
        "isActive": row.member_count > 1,
        "version": row.version,
        "createdAt": time(row.created_at),
        "updatedAt": time(row.updated_at),
    }
    if viewer:
        last = view.last_message
        shape["settings"]["notifications"] = row.my_notifications
        shape["lastMessage"] = message(last, viewer) if last else None
        shape["mutedBy"] = (
            [{"userId": str(viewer.id), "mutedUntil": maybe_time(row.my_muted_until)}] if row.my_muted else []
        )
        shape["unreadCount"] = row.unread_count
        shape["lastReadMessageId"] = maybe_id(row.my_read_message_id)
        shape["archived"] = row.my_archived
    return shape


def participant(row: Participant, viewer: models.User | None = None) -> shapes.Participant:
    """A member; whether they are online is told to a viewer only."""
    shape: shapes.Participant = {**person(row), "role": row.role}  # type: ignore[typeddict-item]
    if viewer:
        shape["online"], shape["lastSeenAt"] = False, None
    return shape
