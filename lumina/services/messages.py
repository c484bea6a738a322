"""Messages: sending, finding, and a conversation's history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from lumina import clock
from lumina.errors import Conflict, Invalid, NotFound, Unauthorized
from lumina.extensions import db
from lumina.models import Conversation, Message, User, statements
from lumina.models.conversations import other_in
from lumina.services import (
    attachments,
    events,
    limits,
    link_previews,
    lookup,
    mentions,
    paid_messages,
    policy,
    receipts,
    search_index,
    text,
    views,
)
from lumina.services.unit_of_work import operation, record
from lumina.services.views import Attached, ConversationView, MessageView

CLIENT_ID = 64
# How long a message has to be read before those who do not look are notified (see notices.py).
NOTICE = timedelta(seconds=2)
# A message's columns but its id, which the database gives.
NOTHING = dict.fromkeys(column.key for column in statements.tables.messages.c if column.key != "id")


@dataclass(slots=True)
class History:
    """A stretch of messages, oldest first, and whether there is more on either side."""

    messages: list[MessageView]
    has_older: bool
    has_newer: bool


@dataclass(slots=True)
class Changes:
    """Messages in ascending version."""

    messages: list[MessageView]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be sent."""

    content: str
    client_message_id: str | None = None
    is_priority: bool = False
    priority_level: str = "normal"
    reply_to: str | None = None
    expires_at: datetime | None = None
    # What the sender agrees to pay, in minor units, if they have said.
    price_minor: int | None = None
    type: str = "text"
    attachment_ids: Sequence[str] = ()
    # What another message has, to be sent on.
    attached: Sequence[Attached] = ()
    forwarded: bool = False


def send(actor: User, conversation_id: str, **fields: Any) -> MessageView:
    """Send a message: `fields` are a Draft's. The same client_message_id a second time finds the first message.

    In a priority conversation a level is paid for by the client; elsewhere it is a free label, 5 an hour. Raises
    NotFound, Invalid, Forbidden, TooMany, Conflict, InsufficientBalance.
    """
    draft = Draft(**fields)
    draft = replace(
        draft,
        content=text.message(draft.content, required=not draft.attachment_ids),
        client_message_id=text.optional(draft.client_message_id, "clientMessageId", CLIENT_ID),
    )
    if draft.expires_at and draft.expires_at <= clock.now():
        raise Invalid.field("expiresAt", "This time is over.")
    if draft.priority_level != "normal" and not (_is_paid_for(conversation_id) or _is_sent(actor, draft)):
        limits.spend("priority_label", str(actor.id))
    return send_draft(actor, conversation_id, draft)


def _is_paid_for(conversation_id: str) -> bool:
    """Whether a level has its price there, instead of a limit."""
    of = lookup.row_id(conversation_id)
    return db.session.scalar(select(Conversation.escrow_id).where(Conversation.id == of)) is not None


def _is_sent(actor: User, draft: Draft) -> bool:
    """Whether it has been sent before, and is only found."""
    own = Message.sender_id == actor.id, Message.client_message_id == draft.client_message_id
    return bool(draft.client_message_id) and db.session.scalar(select(exists().where(*own))) is True


@operation(queue_by="conversation_id", reads_actor=False)
def send_draft(actor: User, conversation_id: str, draft: Draft) -> MessageView:
    """Send what has been checked as far as it can be without the conversation."""
    of = lookup.row_id(conversation_id)
    conversation = statements.run(statements.sending.LOCKED, {"of": of}).first()
    # Read once the lock is held, so that a membership which ended during the wait has ended.
    other = other_in(conversation.direct_key, actor.id) if conversation else None
    wanted = {"of": of, "user": actor.id, "client_id": draft.client_message_id, "other": other or 0}
    sender = statements.run(statements.sending.SENDER, wanted).first()
    if conversation is None or sender is None:
        raise NotFound
    if sender.is_out:
        raise Unauthorized
    if sender.earlier_id:
        return views.message(sender.earlier_id)
    policy.require_sendable(conversation, sender, draft.type, bool(draft.attachment_ids or draft.attached))
    price = paid_messages.price_of(sender.id, conversation, draft) if conversation.escrow_id else None
    uploads = attachments.claimed(sender.id, draft.attachment_ids)
    message = _row(conversation, sender.id, draft)
    message.type = attachments.message_type(draft.type, [*uploads, *draft.attached])
    message.attachment_count = len(uploads) + len(draft.attached)
    replied = _replied(actor, of, draft.reply_to) if draft.reply_to else None
    message.reply_to_id = replied.message.id if replied else None
    message.id = _insert(message)
    attached = attachments.attach(message, uploads, draft.attached)
    moved = {"of": of, "version_": message.version, "message_id": message.id, "at": message.created_at}
    statements.run(statements.sending.APPEND, moved | {"notices_at": message.created_at + NOTICE})
    if sender.read_position >= conversation.last_position:
        # Who has read all before has read all: unread counts need not pass over one's own messages.
        statements.run(statements.sending.READ_OWN, moved | {"user": sender.id})
    search_index.put(message, [one.file_name for one in attached])
    link_previews.wanted(message)
    view = MessageView(
        message,
        views.Sender(sender.id, sender.first_name, sender.last_name, sender.photo_key),
        other,
        views.as_reply(replied) if replied else None,
        attachments=attached,
        conversation_name=conversation.name,
    )
    record(events.MessageSent(view))
    if conversation.escrow_id:
        view.escrow = paid_messages.sent(message, price)
    return view


def _row(conversation: Any, sender_id: int, draft: Draft) -> Any:
    """A new message's row, with the names of its columns: a mapped object would cost three times as much."""
    now, version = clock.now(), conversation.version + 1
    return SimpleNamespace(
        **NOTHING
        | {
            "conversation_id": conversation.id,
            "sender_id": sender_id,
            "type": draft.type,
            "content": draft.content,
            "format": "markdown",
            "forwarded": draft.forwarded,
            "mentions": mentions.named_in(conversation.id, draft.content) or None,
            "is_priority": draft.is_priority,
            "priority_level": draft.priority_level,
            "client_message_id": draft.client_message_id,
            "expires_at": _expiry(now, conversation.auto_delete_after, draft.expires_at),
            "reaction_count": 0,
            "position": version,
            "version": version,
            "created_at": now,
            "updated_at": now,
        }
    )


def _expiry(now: datetime, seconds: int | None, wanted: datetime | None) -> datetime | None:
    """The nearer of what the conversation and the sender want."""
    if seconds is None:
        return wanted
    due = now + timedelta(seconds=seconds)
    return min(due, wanted) if wanted else due


def _replied(actor: User, conversation_id: int, message_id: str) -> MessageView:
    try:
        replied = lookup.message_view(actor, message_id)
    except NotFound:
        replied = None
    if (
        replied is None
        or replied.message.conversation_id != conversation_id
        or replied.message.type == "system"
        or replied.message.deleted_at
    ):
        raise Invalid.field("replyTo", "There is no such message here to reply to.")
    return replied


def _insert(message: Any) -> int:
    try:
        inserted: int = statements.run(statements.sending.INSERT_MESSAGE, vars(message)).scalar_one()
    except IntegrityError:
        # The same clientMessageId in two conversations at once: the later one is refused and may be tried again.
        raise Conflict("This clientMessageId is being used for another message.", code="duplicate") from None
    return inserted


def find(actor: User, message_id: str) -> MessageView:
    """A message of a conversation that the actor is in. Raises NotFound."""
    view = lookup.message_view(actor, message_id)
    receipts.stand(actor, [view])
    return view


def history(
    actor: User,
    conversation: ConversationView,
    *,
    before: str | None = None,
    after: str | None = None,
    around: str | None = None,
    limit: int = 50,
) -> History:
    """The latest messages of a conversation, or those before, after or around one of them. Raises NotFound."""
    found = _history(actor, conversation, before=before, after=after, around=around, limit=limit)
    receipts.stand_in(actor, conversation, found.messages)
    return found


def _history(
    actor: User,
    conversation: ConversationView,
    *,
    before: str | None,
    after: str | None,
    around: str | None,
    limit: int,
) -> History:
    of, last = conversation.conversation.id, conversation.conversation.last_message_id
    if after:
        newer, more = _stretch(actor, of, after=lookup.position(of, after), limit=limit)
        return History(newer, True, more)
    if before:
        older, more = _stretch(actor, of, before=lookup.position(of, before), limit=limit)
        return History(older, more, True)
    if around:
        centre = lookup.position(of, around)
        older, more_older = _stretch(actor, of, before=centre + 1, limit=limit // 2)
        newer, more_newer = _stretch(actor, of, after=centre, limit=limit // 2)
        return History(older + newer, more_older, more_newer)
    latest, more = _stretch(actor, of, limit=limit) if last else ([], False)
    return History(latest, more, False)


def _stretch(
    actor: User, conversation_id: int, *, before: int | None = None, after: int | None = None, limit: int
) -> tuple[list[MessageView], bool]:
    """Up to `limit` messages next to a position, oldest first, and whether there are more beyond."""
    values = {"of": conversation_id, "viewer": actor.id, "most": limit + 1}
    if after is not None:
        found = views.messages(statements.messages.AFTER, position=after, **values)
        return found[:limit], len(found) > limit
    if before is not None:
        found = views.messages(statements.messages.BEFORE, position=before, **values)
    else:
        found = views.messages(statements.messages.LATEST, **values)
    return found[:limit][::-1], len(found) > limit


def changes(actor: User, conversation: ConversationView, since: int, limit: int = 50) -> Changes:
    """What changed after version `since`, in ascending version; one goes on from the last version got.

    What has expired is among it, as deleted; what the actor has hidden is not.
    """
    of = conversation.conversation.id
    found = views.messages(statements.messages.SINCE, of=of, viewer=actor.id, version=since, most=limit + 1)
    receipts.stand_in(actor, conversation, found[:limit])
    return Changes(found[:limit], len(found) > limit)


def first_unread(actor: User, conversation: ConversationView) -> int | None:
    """The id of the first message of others that the actor has not read."""
    row = conversation.conversation
    if not row.unread_count:
        return None
    wanted = {"of": row.id, "after": row.my_read_position, "viewer": actor.id}
    found: int | None = statements.run(statements.conversations.FIRST_UNREAD, wanted).scalar()
    return found
