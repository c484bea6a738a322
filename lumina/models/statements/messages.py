"""Messages with their senders and what they reply to: LATEST, BEFORE and AFTER of one conversation, what changed SINCE
a version. What the viewer has hidden is left out; what has expired, except SINCE a version."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, case, exists, func, select

from lumina.models.statements.tables import (
    MOST,
    attachments,
    conversations,
    hidden,
    memberships,
    messages,
    reactions,
    users,
)

_replied, _replied_sender = messages.alias("replied"), users.alias("replied_sender")
EXCERPT = 200
_reply = [
    _replied.c.sender_id.label("reply_sender_id"),
    func.substr(_replied.c.content, 1, EXCERPT).label("reply_content"),
    _replied.c.type.label("reply_type"),
    _replied.c.version.label("reply_version"),
    func.coalesce(_replied.c.deleted_at, _replied.c.expired_at).label("reply_gone_at"),
    _replied_sender.c.first_name.label("reply_first_name"),
    _replied_sender.c.last_name.label("reply_last_name"),
    case(
        (
            _replied.c.attachment_count > 0,
            select(func.min(attachments.c.id))
            .where(attachments.c.message_id == _replied.c.id, attachments.c.has_thumb)
            .correlate(_replied)
            .scalar_subquery(),
        )
    ).label("reply_thumb_id"),
]
_messages: Select[Any] = (
    select(
        *messages.c,
        users.c.first_name,
        users.c.last_name,
        users.c.photo_key,
        conversations.c.direct_key,
        *_reply,
    )
    .join(users, users.c.id == messages.c.sender_id)
    .join(conversations, conversations.c.id == messages.c.conversation_id)
    .outerjoin(_replied, _replied.c.id == messages.c.reply_to_id)
    .outerjoin(_replied_sender, _replied_sender.c.id == _replied.c.sender_id)
)
SHOWN = ~exists().where(hidden.c.user_id == bindparam("viewer"), hidden.c.message_id == messages.c.id)
_stretch = _messages.where(messages.c.conversation_id == bindparam("of"), SHOWN).limit(MOST)
_history = _stretch.where(messages.c.expired_at.is_(None))
LATEST = _history.order_by(messages.c.position.desc())
BEFORE = LATEST.where(messages.c.position < bindparam("position"))
AFTER = _history.where(messages.c.position > bindparam("position")).order_by(messages.c.position)
SINCE = _stretch.where(messages.c.version > bindparam("version")).order_by(messages.c.version)
# All there is, for an admin: what was deleted, has expired, or somebody has hidden too.
_all = _messages.where(messages.c.conversation_id == bindparam("of")).limit(MOST)
EVIDENCE_LATEST = _all.order_by(messages.c.position.desc())
EVIDENCE_BEFORE = EVIDENCE_LATEST.where(messages.c.position < bindparam("position"))
EVIDENCE_AFTER = _all.where(messages.c.position > bindparam("position")).order_by(messages.c.position)
MESSAGES = _messages.where(messages.c.id.in_(bindparam("ids", expanding=True)))
SHOWN_MESSAGES = MESSAGES.where(SHOWN)
LAST_SHOWN = select(
    select(messages.c.id)
    .where(messages.c.conversation_id == conversations.c.id, messages.c.expired_at.is_(None), SHOWN)
    .order_by(messages.c.position.desc())
    .limit(1)
    .correlate(conversations)
    .scalar_subquery()
).where(conversations.c.id.in_(bindparam("ids", expanding=True)))
VISIBLE_MESSAGE = _messages.where(
    messages.c.id == bindparam("id"),
    messages.c.expired_at.is_(None),
    SHOWN,
    exists().where(
        memberships.c.conversation_id == messages.c.conversation_id,
        memberships.c.user_id == bindparam("viewer"),
    ),
)
PINNED = (
    _messages.where(messages.c.conversation_id == bindparam("of"), messages.c.pinned_at.is_not(None), SHOWN)
    .order_by(messages.c.pinned_at.desc(), messages.c.id.desc())
    .limit(MOST)
)
REACTIONS = (
    select(reactions)
    .where(reactions.c.message_id.in_(bindparam("ids", expanding=True)))
    .order_by(reactions.c.created_at, reactions.c.user_id, reactions.c.reaction)
)
HIDDEN_IDS = (
    select(hidden.c.message_id)
    .where(hidden.c.user_id == bindparam("viewer"), hidden.c.conversation_id == bindparam("of"))
    .order_by(hidden.c.message_id)
)
