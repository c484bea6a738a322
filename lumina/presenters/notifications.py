"""What is said of a new message to those who are not looking."""

from __future__ import annotations

from lumina import clock
from lumina.models import Escrow
from lumina.presenters import naming, previews, shapes, wire
from lumina.presenters.amounts import amount
from lumina.presenters.texts import t
from lumina.presenters.times import span
from lumina.services.pushes import Claim
from lumina.services.text import excerpt
from lumina.services.views import ConversationView, MessageView

PREVIEW = 200


def payload(view: MessageView) -> shapes.Notification:
    """The `new_message_notification` of a message, the same for all who get it: of two people only the other one does,
    and to them the conversation bears the sender's name."""
    message, sender = view.message, f"{view.sender.first_name} {view.sender.last_name}".strip()
    group = view.conversation_name or t("notification.group")
    return {
        "conversationId": str(message.conversation_id),
        "conversationName": sender if view.receiver_id else group,
        "messageId": str(message.id),
        "senderName": sender,
        "messagePreview": _said(view),
        "messageType": message.type,
        "isPriority": message.is_priority,
        "priorityLevel": message.priority_level,
    }


def _said(view: MessageView) -> str:
    return excerpt(previews.said(wire.message(view)), PREVIEW)


def push(claim: Claim) -> shapes.Push:
    """The payload of a push, as our service worker reads it."""
    about: shapes.Push = {
        "type": "read",
        "tag": f"conversation-{claim.conversation_id}",
        "conversationId": str(claim.conversation_id),
        "unread": claim.unread,
    }
    if claim.escrow:
        title, body = _reminder(claim, claim.escrow)
        at = f"/priority/{claim.conversation_id}"
        return {**about, "type": "message", "title": title, "body": body, "url": at}
    if claim.message is None or claim.conversation is None:
        return about
    title, body = _words(claim, claim.message, claim.conversation)
    return {
        **about,
        "type": "message",
        "messageId": str(claim.message.message.id),
        "title": title,
        "body": body,
        "count": claim.count,
        "url": f"/conversations/{claim.conversation_id}",
    }


def _reminder(claim: Claim, escrow: Escrow) -> tuple[str, str]:
    if claim.hide_content or claim.conversation is None:
        return t("app.name"), t("push.reminder_hidden")
    shown = wire.conversation(claim.conversation, claim.viewer)
    left = span(int((escrow.answer_by - clock.now()).total_seconds()))
    body = t("push.reminder", left=left, amount=amount(escrow.amount_minor))
    return naming.title(shown, str(claim.viewer.id)), body


def _words(claim: Claim, message: MessageView, conversation: ConversationView) -> tuple[str, str]:
    many = t("notification.several", count=claim.count) if claim.count > 1 else None
    if claim.hide_content:
        return t("app.name"), many or t("notification.one")
    sender = f"{message.sender.first_name} {message.sender.last_name}".strip()
    text = _said(message)
    if message.escrow is not None and claim.count == 1:
        level, price = t(f"level.{message.escrow.level}"), amount(message.escrow.amount_minor)
        return t("notification.paid", name=sender, level=level, amount=price), text
    if message.receiver_id is not None:
        return sender, many or text
    shown = wire.conversation(conversation, claim.viewer)
    return naming.title(shown, str(claim.viewer.id)), many or t("row.person", name=sender, text=text)
