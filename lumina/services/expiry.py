"""What disappears by itself: messages at their time, and what was deleted once it can no longer come back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select

from lumina import clock
from lumina.extensions import db
from lumina.models import Conversation, Message, MessageEdit, Reaction, statements
from lumina.models.statements.due import NOW, earliest
from lumina.services import attachments, escrows, events, link_previews, search_index
from lumina.services.changes import changed, touch
from lumina.services.sweep import Job, by
from lumina.services.unit_of_work import operation

# How many messages one unit of work takes, during which a server on SQLite does nothing else.
AT_ONCE = 20


def _may_expire() -> ColumnElement[bool]:
    """What is paid for stays until there is an answer."""
    return and_(Message.expired_at.is_(None), ~escrows.rests_on(Message))


def _may_be_emptied() -> ColumnElement[bool]:
    """Nothing loses its original while money that rests on the conversation is not settled."""
    gone = or_(Message.deleted_at.is_not(None), Message.expired_at.is_not(None))
    return and_(gone, ~escrows.is_unsettled(Message.conversation_id))


def _due(column: Any, standing: ColumnElement[bool]) -> Select[Any]:
    """The conversations with such messages, and since when."""
    # A sum, since SQLite would rather read all messages in the order of their conversations than sort the few due.
    of = (Message.conversation_id + 0).label("of")
    return earliest(of, at=func.min(column), when=(column <= NOW) & standing).group_by(of)


@operation(queue_by="conversation_id")
def expire(actor: None, conversation_id: int) -> bool:
    """Let messages of a conversation that have reached their time vanish for everyone; False if there are none."""
    conversation = _locked(conversation_id)
    is_kept = bool(conversation.escrow_id) and _is_unsettled(conversation_id)
    messages = _taken(conversation_id, Message.expires_at, _may_expire())
    for message in messages:
        touch(conversation, message)
        message.expired_at = message.updated_at
        # Emptied at once, but where an admin may still have to see it, and who deleted it.
        if not is_kept:
            message.deleted_at = message.deleted_by_id = None
        message.purge_at = message.expired_at if is_kept else None
        message.pinned_at = message.pinned_by_id = None
    if not is_kept:
        _empty(messages)
    search_index.drop([message.id for message in messages])
    if conversation.last_message_id in {message.id for message in messages}:
        _find_last(conversation)
    for message in messages:
        changed(events.MessageDeleted, message)
    return bool(messages)


@operation(queue_by="conversation_id")
def purge(actor: None, conversation_id: int) -> bool:
    """Empty what was deleted in a conversation and can no longer come back; False if there is none."""
    _locked(conversation_id)
    messages = _taken(conversation_id, Message.purge_at, _may_be_emptied())
    for message in messages:
        message.purge_at = None
    _empty(messages)
    return bool(messages)


def _is_unsettled(conversation_id: int) -> bool:
    return bool(db.session.scalar(select(escrows.is_unsettled(conversation_id))))


def _locked(conversation_id: int) -> Conversation:
    return db.session.scalars(statements.sending.LOCKED_CONVERSATION, {"of": conversation_id}).one()


def _taken(conversation_id: int, column: Any, standing: Any) -> Sequence[Message]:
    return db.session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, column <= clock.now(), standing)
        .order_by(Message.position)
        .limit(AT_ONCE)
    ).all()


def _empty(messages: Sequence[Message]) -> None:
    """Nothing of what they said is left."""
    for message in messages:
        message.content, message.reaction_count = "", 0
        message.mentions = message.link_preview = None
        link_previews.forget(message)
    attachments.forget(messages)
    ids = [message.id for message in messages]
    db.session.execute(delete(Reaction).where(Reaction.message_id.in_(ids)))
    db.session.execute(delete(MessageEdit).where(MessageEdit.message_id.in_(ids)))


def _find_last(conversation: Conversation) -> None:
    """What the list shows of the conversation now."""
    db.session.flush()
    last = db.session.execute(
        select(Message.id, Message.created_at)
        .where(Message.conversation_id == conversation.id, Message.expired_at.is_(None))
        .order_by(Message.position.desc())
        .limit(1)
    ).first()
    conversation.last_message_id = last.id if last else None
    conversation.last_message_at = last.created_at if last else None


JOBS = [
    Job("expiry", by(_due(Message.expires_at, _may_expire())), partial(expire, None)),
    Job("purge", by(_due(Message.purge_at, _may_be_emptied())), partial(purge, None)),
]
