"""Forwarding: the same words and files in other conversations."""

from __future__ import annotations

from lumina.errors import Conflict, Invalid
from lumina.models import Conversation, User
from lumina.models.messages import text_of
from lumina.services import giving_back, lookup, messages, uploads
from lumina.services.unit_of_work import operation
from lumina.services.views import MessageView

MOST = 20


@operation()
def forward(actor: User, message_id: str, conversation_ids: list[str]) -> list[MessageView]:
    """Send what a message says to these conversations, to all of them or none. Raises NotFound, Invalid, Conflict, Full.

    What was to disappear disappears there too, at the same time at the latest. Files count as the actor's own from then
    on: they stay when the first message goes.
    """
    # In the order of their ids, so that two who forward to the same ones never wait for each other in a circle.
    targets = sorted({lookup.row_id(conversation_id) for conversation_id in conversation_ids})
    if not 0 < len(targets) <= MOST:
        raise Invalid.field("conversationIds", f"A message is forwarded to 1 to {MOST} conversations.")
    view = lookup.message_view(actor, message_id)
    message = view.message
    if message.deleted_at or message.type == "system":
        raise Conflict("This message cannot be forwarded.", code="deleted")
    draft = messages.Draft(
        text_of(message),
        type=message.type,
        attached=view.attachments,
        expires_at=message.expires_at,
        forwarded=True,
    )
    # Before the first of them moves money: a forwarded message may be an answer that has been paid for.
    giving_back.lock_conversations(Conversation.id.in_(targets))
    if view.attachments:
        uploads.take_room(actor, sum(one.file_size for one in view.attachments) * len(targets))
    return [messages.send_draft(actor, str(target), draft) for target in targets]
