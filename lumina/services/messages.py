"""Messages: sending, finding, and a conversation's history."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lumina import clock
from lumina.errors import Conflict, Invalid, NotFound
from lumina.extensions import db
from lumina.models import Message, User, statements
from lumina.models.conversations import other_in
from lumina.services import events, limits, lookup, text, views
from lumina.services.unit_of_work import operation, record
from lumina.services.views import ConversationView, MessageView

CONTENT, CLIENT_ID = 10_000, 64


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


def send(
    actor: User,
    conversation_id: str,
    *,
    content: str,
    client_message_id: str | None = None,
    is_priority: bool = False,
    priority_level: str = "normal",
) -> MessageView:
    """Send a text. The same client_message_id a second time finds the first message.

    A level is a free label, 5 an hour. Raises NotFound, Invalid, TooMany, Conflict.
    """
    content = text.clean(content, "content")
    if not content:
        raise Invalid.field("content", "A message has a text or an attachment.")
    if text.length(content) > CONTENT:
        raise Invalid.field("content", f"A message has at most {CONTENT:,} characters.")
    client_message_id = text.optional(client_message_id, "clientMessageId", CLIENT_ID)
    if priority_level != "normal":
        limits.spend("priority_label", str(actor.id))
    return _send(actor, conversation_id, content, client_message_id, is_priority, priority_level)


@operation(queue_by="conversation_id", reads_actor=False)
def _send(
    actor: User,
    conversation_id: str,
    content: str,
    client_message_id: str | None,
    is_priority: bool,
    priority_level: str,
) -> MessageView:
    of = lookup.row_id(conversation_id)
    conversation = db.session.execute(statements.LOCKED, {"of": of}).first()
    # Read once the lock is held, so that a membership which ended during the wait has ended.
    wanted = {"of": of, "user": actor.id, "client_id": client_message_id}
    sender = db.session.execute(statements.SENDER, wanted).first()
    if conversation is None or sender is None:
        raise NotFound
    if sender.earlier_id:
        return views.messages(statements.MESSAGES, ids=[sender.earlier_id])[0]
    now, version = clock.now(), conversation.version + 1
    message = Message(
        conversation_id=of,
        sender_id=sender.id,
        type="text",
        content=content,
        is_priority=is_priority,
        priority_level=priority_level,
        client_message_id=client_message_id,
        position=version,
        version=version,
        created_at=now,
        updated_at=now,
    )
    message.id = _insert(message)
    moved = {"of": of, "version_": version, "message_id": message.id, "at": now}
    db.session.execute(statements.APPEND, moved)
    if sender.read_position == conversation.version:
        # Who has read all before has read all: unread counts need not pass over one's own messages.
        db.session.execute(statements.READ_OWN, moved | {"user": sender.id})
    view = MessageView(
        message,
        views.Sender(sender.id, sender.first_name, sender.last_name),
        other_in(conversation.direct_key, sender.id),
    )
    record(events.MessageSent(view))
    return view


def _insert(message: Message) -> int:
    values = {column.key: getattr(message, column.key) for column in statements.messages.c}
    del values["id"]
    try:
        inserted: int = db.session.execute(statements.INSERT_MESSAGE, values).scalar_one()
    except IntegrityError:
        # The same clientMessageId in two conversations at once: the later one is refused and may be tried again.
        raise Conflict("This clientMessageId is being used for another message.", code="duplicate") from None
    return inserted


def find(actor: User, message_id: str) -> MessageView:
    """A message of a conversation that the actor is in. Raises NotFound."""
    return lookup.message_view(actor, message_id)


def history(
    conversation: ConversationView,
    *,
    before: str | None = None,
    after: str | None = None,
    around: str | None = None,
    limit: int = 50,
) -> History:
    """The latest messages of a conversation, or those before, after or around one of them. Raises NotFound."""
    of, last = conversation.conversation.id, conversation.conversation.last_message_id
    if after:
        newer, more = _stretch(of, after=lookup.position(of, after), limit=limit)
        return History(newer, True, more)
    if before:
        older, more = _stretch(of, before=lookup.position(of, before), limit=limit)
        return History(older, more, True)
    if around:
        centre = lookup.position(of, around)
        older, more_older = _stretch(of, before=centre + 1, limit=limit // 2)
        newer, more_newer = _stretch(of, after=centre, limit=limit // 2)
        return History(older + newer, more_older, more_newer)
    latest, more = _stretch(of, limit=limit) if last else ([], False)
    return History(latest, more, False)


def _stretch(
    conversation_id: int, *, before: int | None = None, after: int | None = None, limit: int
) -> tuple[list[MessageView], bool]:
    """Up to `limit` messages next to a position, oldest first, and whether there are more beyond."""
    values = {"of": conversation_id, "most": limit + 1}
    if after is not None:
        found = views.messages(statements.AFTER, position=after, **values)
        return found[:limit], len(found) > limit
    if before is not None:
        found = views.messages(statements.BEFORE, position=before, **values)
    else:
        found = views.messages(statements.LATEST, **values)
    return found[:limit][::-1], len(found) > limit


def changes(conversation: ConversationView, since: int, limit: int = 50) -> Changes:
    """What changed after version `since`, in ascending version; one goes on from the last version got."""
    of = conversation.conversation.id
    found = views.messages(statements.SINCE, of=of, version=since, most=limit + 1)
    return Changes(found[:limit], len(found) > limit)


def first_unread(actor: User, conversation: ConversationView) -> int | None:
    """The id of the first message of others that the actor has not read."""
    row = conversation.conversation
    if not row.unread_count:
        return None
    return db.session.scalar(
        select(Message.id)
        .where(
            Message.conversation_id == row.id,
            Message.position > row.my_read_position,
            Message.sender_id != actor.id,
        )
        .order_by(Message.position)
        .limit(1)
    )
