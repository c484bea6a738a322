"""Conversations as one member sees them, with that member's own fields beside as my_…, and what is unread among them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, bindparam, case, exists, false, func, select, true

from lumina.models.statements.tables import (
    UNREAD_STOP,
    blocks,
    conversations,
    escrows,
    experts,
    hidden,
    memberships,
    messages,
    preferences,
    users,
)
from lumina.models.types import BigId

# By which a socket learns of what.
LEVELS = select(
    memberships.c.conversation_id,
    memberships.c.notification_level,
    memberships.c.muted,
    memberships.c.muted_until,
).where(memberships.c.user_id == bindparam("user"))


def counts_as_unread(user_id: Any) -> Any:
    """Of others' messages, what a person has to read: no system line, nothing deleted, expired or hidden."""
    return and_(
        messages.c.type != "system",
        messages.c.deleted_at.is_(None),
        messages.c.expired_at.is_(None),
        ~exists()
        .where(hidden.c.user_id == user_id, hidden.c.message_id == messages.c.id)
        .correlate_except(hidden),
    )


_unread = (
    select(messages.c.id)
    .where(
        messages.c.conversation_id == memberships.c.conversation_id,
        messages.c.position > memberships.c.read_position,
        messages.c.sender_id != memberships.c.user_id,
        counts_as_unread(memberships.c.user_id),
    )
    .correlate(memberships)
)
FIRST_UNREAD = (
    select(messages.c.id)
    .where(
        messages.c.conversation_id == bindparam("of"),
        messages.c.position > bindparam("after"),
        messages.c.sender_id != bindparam("viewer"),
        counts_as_unread(bindparam("viewer")),
    )
    .order_by(messages.c.position)
    .limit(1)
)
# Counted no further than 1,000, so that a neglected conversation costs no more than a busy one.
_counted_unread = (
    select(func.count())
    .select_from(_unread.limit(UNREAD_STOP).subquery())
    .correlate(memberships)
    .scalar_subquery()
)
# Most have read all: then the conversation's own row says so.
_has_later = conversations.c.last_position > memberships.c.read_position
_unread_count = case((_has_later, _counted_unread), else_=0)
_mine = [
    memberships.c[name].label(f"my_{name}")
    for name in (
        "role",
        "read_position",
        "read_message_id",
        "archived",
        "marked_unread",
        "notification_level",
        "muted",
        "muted_until",
    )
]
_others = memberships.alias()


def _is_apart(who: Any, whom: Any) -> Any:
    """Of the two in a conversation, by the columns of blocks: the viewer has blocked the other, or the other way round."""
    return exists().where(
        who == memberships.c.user_id,
        whom == _others.c.user_id,
        _others.c.conversation_id == conversations.c.id,
    )


# Between two people: whether the viewer has put a block there ("mine"), or only the other has ("theirs").
_block = case(
    (conversations.c.direct_key.is_(None), None),
    (_is_apart(blocks.c.blocker_id, blocks.c.blocked_id), "mine"),
    (_is_apart(blocks.c.blocked_id, blocks.c.blocker_id), "theirs"),
).label("my_block")
SEEN: Select[Any] = (
    select(*conversations.c, *_mine, _block, _unread_count.label("unread_count"))
    .join(memberships, memberships.c.conversation_id == conversations.c.id)
    .where(memberships.c.user_id == bindparam("viewer"))
)
CONVERSATION = SEEN.where(conversations.c.id == bindparam("of"))
CONVERSATIONS = SEEN.where(conversations.c.id.in_(bindparam("ids", expanding=True)))
DIRECT_CONVERSATION = SEEN.where(conversations.c.direct_key == bindparam("key"))


def _waits(has_later: Any) -> Any:
    """Whether something waits to be read: marked so, or among what came later, if anything did.

    In this order: of an OR, PostgreSQL would take out what needs no conversation, and ask for messages of each membership.
    """
    cases = (memberships.c.marked_unread, true()), (has_later, _unread.exists())
    return case(*cases, else_=false()).is_(true())


# By themselves: PostgreSQL would join with all conversations that there are, for somebody with many.
_last_position = (
    select(conversations.c.last_position)
    .where(conversations.c.id == memberships.c.conversation_id)
    .correlate(memberships)
    .scalar_subquery()
)
IS_UNREAD = _waits(_last_position > memberships.c.read_position)
UNREAD_CONVERSATIONS = (
    select(func.count())
    .select_from(memberships)
    .where(
        memberships.c.user_id == bindparam("viewer"),
        ~memberships.c.archived,
        IS_UNREAD,
    )
)
# How many purchases wait for an expert's answer; nothing for anybody else.
_waiting = select(func.count()).where(escrows.c.expert_id == experts.c.user_id, escrows.c.state == "held")
OWED = select(_waiting.correlate(experts).scalar_subquery()).where(
    experts.c.user_id == bindparam("viewer", type_=BigId)
)
# What stands around every page of a person, beside the page itself.
AROUND = (
    select(
        UNREAD_CONVERSATIONS.scalar_subquery().label("unread"),
        OWED.scalar_subquery().label("owed"),
        preferences.c.sound,
        preferences.c.hide_content,
        preferences.c.time_zone,
    )
    .select_from(users.outerjoin(preferences, preferences.c.user_id == users.c.id))
    .where(users.c.id == bindparam("viewer", type_=BigId))
)
