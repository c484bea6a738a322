"""Conversations."""

from __future__ import annotations

from typing import Any

from lumina import clock, models
from lumina.models.statements.tables import LARGE
from lumina.presenters import shapes
from lumina.presenters.wire.messages import message
from lumina.presenters.wire.money import escrow
from lumina.presenters.wire.people import participant, photo
from lumina.presenters.wire.values import major, maybe_id, maybe_time, time
from lumina.services.views import ConversationView


def conversation(view: ConversationView, viewer: models.User | None = None) -> shapes.Conversation:
    """A conversation as the viewer sees it; without one, what is broadcast, which lacks each viewer's own fields."""
    row = view.conversation
    shown = [p for p in view.participants if viewer or row.member_count <= LARGE or p.role == "admin"]
    sees_presence = _sees_presence(view, viewer)
    shape: shapes.Conversation = {
        "id": str(row.id),
        "participants": [participant(p, sees_presence=sees_presence) for p in shown],
        "participantCount": row.member_count,
        "type": row.type,
        "isPriorityConversation": row.type == "priority_dm",
        "lastMessageAt": maybe_time(row.last_message_at),
        "name": row.name,
        "description": row.description,
        "avatar": photo(row.photo_key),
        "adminId": next((str(p.id) for p in view.participants if p.role == "admin"), None),
        "settings": {
            "autoDeleteAfter": row.auto_delete_after,
            "allowFileSharing": row.allow_file_sharing,
            "allowVoiceMessages": row.allow_voice_messages,
        },
        "isActive": row.member_count > 1 and not _is_left_alone(view),
        "version": row.version,
        "createdAt": time(row.created_at),
        "updatedAt": time(row.updated_at),
    }
    if view.escrow:
        bought = view.escrow
        shape["priorityPrice"] = major(bought.amount_minor)
        shape["priorityDuration"] = bought.duration_days or 0
        shape["priorityExpiresAt"] = time(bought.window_ends_at or bought.answer_by)
        shape["escrow"] = escrow(bought)
    if view.owed:
        shape["owed"] = escrow(view.owed)
    if viewer:
        last = view.last_message
        shape["settings"]["notifications"] = row.my_notification_level != "none"
        shape["settings"]["notificationLevel"] = row.my_notification_level
        shape["lastMessage"] = message(last, viewer) if last else None
        shape["mutedBy"] = (
            [{"userId": str(viewer.id), "mutedUntil": maybe_time(row.my_muted_until)}]
            if _is_muted(row)
            else []
        )
        shape["unreadCount"] = row.unread_count
        shape["lastReadMessageId"] = maybe_id(row.my_read_message_id)
        shape["markedUnread"] = row.my_marked_unread
        shape["archived"] = row.my_archived
    return shape


def _is_left_alone(view: ConversationView) -> bool:
    """Of two people one has closed their account."""
    return view.conversation.direct_key is not None and any(p.closed_at for p in view.participants)


def _is_muted(row: Any) -> bool:
    return row.my_muted and (row.my_muted_until is None or row.my_muted_until > clock.now())


def _sees_presence(view: ConversationView, viewer: models.User | None) -> bool | None:
    """Whether this viewer shows their own presence, and so sees that of others; None where nobody is to see any. Where one
    of two has blocked the other, neither does."""
    if viewer is None:
        return None
    if view.conversation.my_block:
        return False
    return next((p.show_presence for p in view.participants if p.id == viewer.id), False)
