"""The one outside form of rows: API answers and socket payloads alike. Without a viewer, what all may see alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from lumina import clock, models
from lumina.models.messages import text_of
from lumina.models.statements import EXCERPT, LARGE
from lumina.presenters import shapes, statements, system_lines
from lumina.services import edits, presence, wallets
from lumina.services.attachments import Shared
from lumina.services.experts import ExpertView
from lumina.services.search import Result
from lumina.services.text import excerpt
from lumina.services.tokens import Tokens
from lumina.services.views import (
    Attached,
    ConversationView,
    MessageView,
    Participant,
    Person,
    Reacted,
    Reply,
    Wallet,
)

MESSAGES_KEPT, LONGEST_KEPT = 4096, 4000
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
    return {
        "id": str(row.id),
        "firstName": row.first_name,
        "lastName": row.last_name,
        "avatar": photo(row.photo_key),
    }


def photo(key: str | None) -> str | None:
    """Where a photo is: one picture for ever under each key."""
    return f"/photos/{key}" if key else None


def user(row: models.User, viewer: models.User) -> shapes.User:
    """Somebody's profile; the address and the settings are shown to their owner and to admins only."""
    shape: shapes.User = {
        **person(row),  # type: ignore[typeddict-item]
        "headline": row.headline,
        "createdAt": time(row.created_at),
    }
    if row.id == viewer.id or viewer.is_admin:
        shape["email"], shape["isAdmin"] = row.email, row.is_admin
        shape["linkPreviews"] = row.link_previews
        shape["showPresence"], shape["showReceipts"] = row.show_presence, row.show_receipts
        shape["directFrom"] = row.direct_from  # type: ignore[typeddict-item]
    if viewer.is_admin and row.suspended_at:
        shape["suspendedAt"] = time(row.suspended_at)
    return shape


def preferences(row: models.NotificationPreferences) -> shapes.Preferences:
    """How somebody wants to be notified."""
    return {
        "sound": row.sound,  # type: ignore[typeddict-item]
        "hideContent": row.hide_content,
        "quietFrom": row.quiet_from,
        "quietUntil": row.quiet_until,
        "timeZone": row.time_zone,
        "urgentInQuiet": row.urgent_in_quiet,
        "digest": row.digest,
    }


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


def escrow(row: models.Escrow) -> shapes.Escrow:
    """A purchase, as both its parties see it."""
    shape: shapes.Escrow = {
        "id": str(row.id),
        "kind": row.kind,  # type: ignore[typeddict-item]
        "conversationId": str(row.conversation_id),
        "messageId": maybe_id(row.message_id),
        "clientId": str(row.client_id),
        "expertId": str(row.expert_id),
        "amountMinor": row.amount_minor,
        "feeMinor": row.fee_minor,
        "level": row.level,  # type: ignore[typeddict-item]
        "state": row.state,  # type: ignore[typeddict-item]
        "answerBy": time(row.answer_by),
        "answeredAt": maybe_time(row.answered_at),
        "releaseAt": maybe_time(row.release_at),
        "settledAt": maybe_time(row.settled_at),
        "createdAt": time(row.created_at),
    }
    if row.opened_at:
        shape["openedAt"] = time(row.opened_at)
    if row.dispute_reason:
        shape["disputeReason"] = row.dispute_reason
    if row.refund_reason:
        shape["refundReason"] = row.refund_reason
    if row.expert_minor is not None:
        shape["expertMinor"] = row.expert_minor
    if row.reminders and row.state == "held":
        shape["reminders"] = row.reminders
    return shape


def ledger_line(row: models.Escrow, transaction: models.LedgerTransaction) -> shapes.LedgerLine:
    """What the ledger says of a purchase."""
    return {
        "kind": transaction.kind,
        "description": statements.booked(row, transaction.kind),
        "createdAt": time(transaction.created_at),
    }


def major(amount_minor: int) -> float:
    """An amount as `priorityPrice` tells it: 50 for 5000 minor units, 49.5 for 4950."""
    return amount_minor // 100 if amount_minor % 100 == 0 else amount_minor / 100


def expert(view: ExpertView, viewer: models.User) -> shapes.Expert:
    """An expert with their offer and record."""
    return {
        "user": user(view.user, viewer),
        "headline": view.user.headline,
        "bio": view.expert.bio,
        "offer": offer(view),
        "record": {
            "answered": view.record.answered,
            "refunded": view.record.refunded,
            "medianAnswerSeconds": view.record.median_answer_seconds,
        },
    }


def offer(view: ExpertView) -> shapes.Offer:
    """A price list as it stands."""
    row = view.expert
    return {
        "conversationPriceMinor": row.conversation_price_minor,
        "durationDays": row.duration_days,
        "answerHours": row.answer_hours,
        "messagePricesMinor": {"high": row.high_price_minor, "urgent": row.urgent_price_minor},
        "messageAnswerHours": {"high": row.high_answer_hours, "urgent": row.urgent_answer_hours},
        "maxUnanswered": row.max_unanswered,
        "open": row.is_open,
        "full": view.is_full,
    }


def wallet(view: Wallet) -> shapes.Wallet:
    """Somebody's balances."""
    return {
        "availableMinor": view.available,
        "heldMinor": view.held,
        "pendingMinor": view.pending,
        "currency": wallets.currency(),
        "payoutsMinor": view.payouts,
        "debtMinor": -view.debt,
    }


def wallet_line(line: wallets.Line) -> shapes.WalletLine:
    """A line of somebody's statement."""
    return {
        "id": str(line.id),
        "kind": line.kind,
        "amountMinor": line.amount_minor,
        "balanceMinor": line.balance_minor,
        "escrowId": maybe_id(line.escrow_id),
        "conversationId": maybe_id(line.conversation_id),
        "description": statements.description(line),
        "createdAt": time(line.created_at),
    }


def topup(row: models.Topup) -> shapes.Topup:
    """Money on its way in."""
    return {
        "id": str(row.id),
        "state": row.state,  # type: ignore[typeddict-item]
        "amountMinor": row.amount_minor,
        "checkoutUrl": row.checkout_url,
        "createdAt": time(row.created_at),
    }


def payout(row: models.Payout) -> shapes.Payout:
    """Money on its way out."""
    return {
        "id": str(row.id),
        "state": row.state,  # type: ignore[typeddict-item]
        "amountMinor": row.amount_minor,
        "createdAt": time(row.created_at),
        "settledAt": maybe_time(row.settled_at),
    }


def attachment(row: Attached) -> shapes.Attachment:
    """A file, under addresses that bear its name for whoever reads them."""
    shape: shapes.Attachment = {
        "id": str(row.id),
        "url": f"/files/{row.id}/{quote(row.file_name)}",
        "fileName": row.file_name,
        "fileSize": row.file_size,
        "mimeType": row.mime_type,
    }
    if row.width and row.height:
        shape["width"], shape["height"] = row.width, row.height
    if row.duration_ms is not None:
        shape["durationMs"] = row.duration_ms
    if row.peaks:
        shape["peaks"] = row.peaks
    if row.has_thumb:
        shape["thumbnailUrl"] = _thumb(row.id)
    return shape


def shared(one: Shared) -> shapes.SharedAttachment:
    """A file as the details of its conversation list it."""
    return {
        **attachment(one.attached),
        "messageId": str(one.attached.message_id),
        "createdAt": time(one.sent_at),
        "voice": one.is_voice,
    }


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
        shape["thumbnailUrl"] = _thumb(reply.thumb_id)
    return shape


def _thumb(attachment_id: int) -> str:
    return f"/files/{attachment_id}/thumb"


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


def participant(row: Participant, *, sees_presence: bool | None = None) -> shapes.Participant:
    """A member; to a viewer also whether they are online, which is mutual."""
    shape: shapes.Participant = {
        "id": str(row.id),
        "firstName": row.first_name,
        "lastName": row.last_name,
        "avatar": photo(row.photo_key),
        "role": row.role,  # type: ignore[typeddict-item]
    }
    if sees_presence is not None:
        is_shown = sees_presence and row.show_presence
        shape["online"] = is_shown and presence.is_online(row.id)
        shape["lastSeenAt"] = maybe_time(row.last_seen_at) if is_shown else None
    return shape
