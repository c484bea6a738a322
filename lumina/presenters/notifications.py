"""What is said of a new message to those who are not looking."""

from __future__ import annotations

from lumina.presenters import shapes
from lumina.presenters.markup import plain
from lumina.presenters.texts import t
from lumina.services.text import excerpt
from lumina.services.views import MessageView

PREVIEW, CONSIDERED = 200, 800


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
        "messagePreview": excerpt(plain(message.content[:CONSIDERED]), PREVIEW),
        "messageType": message.type,
        "isPriority": message.is_priority,
        "priorityLevel": message.priority_level,
    }
