"""Whoever acts, as they are now. Sending: the conversation's lock, what the sender may do and has done, then the rows."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, exists, func, insert, or_, select, update

from lumina.models.conversations import Conversation
from lumina.models.memberships import Membership
from lumina.models.messages import Message
from lumina.models.statements.tables import blocks, conversations, memberships, messages, sessions, users
from lumina.models.types import BigId, UtcDateTime
from lumina.models.users import User

# Mapped rows, read anew whatever the session knows of them, for operations that change them.
_anew = {"populate_existing": True}
_let_in = and_(User.suspended_at.is_(None), User.closed_at.is_(None))
ACTOR = select(User).where(User.id == bindparam("id"), _let_in).execution_options(**_anew)
# Their rows until the operation ends; messages and the like, which only point at them, do not wait for that.
LOCKED_PEOPLE = (
    select(User)
    .where(User.id.in_(bindparam("ids", expanding=True)))
    .order_by(User.id)
    .with_for_update(key_share=True)
    .execution_options(**_anew)
)
LOCKED_CONVERSATION = (
    select(Conversation)
    .where(Conversation.id == bindparam("of"))
    .with_for_update()
    .execution_options(**_anew)
)
MEMBERSHIP = (
    select(Membership)
    .where(Membership.conversation_id == bindparam("of"), Membership.user_id == bindparam("user"))
    .execution_options(**_anew)
)
MESSAGE = select(Message).where(Message.id == bindparam("id")).execution_options(**_anew)
# Plain rows: the session's columns, and then those of its person.
LIVING_SESSION = (
    select(*sessions.c, *(column.label(f"user_{column.name}") for column in users.c))
    .join(users, users.c.id == sessions.c.user_id)
    .where(
        sessions.c.id == bindparam("id"),
        sessions.c.ended_at.is_(None),
        sessions.c.expires_at > bindparam("now", type_=UtcDateTime()),
        users.c.suspended_at.is_(None),
        users.c.closed_at.is_(None),
    )
)

LOCKED = (
    select(
        *(
            conversations.c[name]
            for name in (
                "id",
                "version",
                "last_position",
                "name",
                "direct_key",
                "escrow_id",
                "auto_delete_after",
                "allow_file_sharing",
                "allow_voice_messages",
            )
        )
    )
    .where(conversations.c.id == bindparam("of"))
    .with_for_update()
)
_earlier, _other = messages.alias(), users.alias()
OTHER = bindparam("other", type_=BigId)
SENDER = (
    select(
        users.c.id,
        users.c.first_name,
        users.c.last_name,
        users.c.photo_key,
        memberships.c.read_position,
        or_(users.c.suspended_at.is_not(None), users.c.closed_at.is_not(None)).label("is_out"),
        # Of the other person where there are just two; nobody has the id 0.
        exists()
        .where(
            or_(
                and_(blocks.c.blocker_id == users.c.id, blocks.c.blocked_id == OTHER),
                and_(blocks.c.blocker_id == OTHER, blocks.c.blocked_id == users.c.id),
            )
        )
        .correlate(users)
        .label("is_blocked"),
        exists().where(_other.c.id == OTHER, _other.c.closed_at.is_not(None)).label("is_left_alone"),
        _earlier.c.id.label("earlier_id"),
    )
    .join(memberships, memberships.c.user_id == users.c.id)
    .outerjoin(
        _earlier,
        (_earlier.c.sender_id == users.c.id) & (_earlier.c.client_message_id == bindparam("client_id")),
    )
    .where(memberships.c.conversation_id == bindparam("of"), users.c.id == bindparam("user"))
)
INSERT_MESSAGE = insert(messages).returning(messages.c.id)
APPEND = (
    update(conversations)
    .where(conversations.c.id == bindparam("of"))
    .values(
        version=bindparam("version_"),
        last_position=bindparam("version_"),
        last_message_id=bindparam("message_id"),
        last_message_at=bindparam("at"),
        active_at=bindparam("at"),
        notices_due_at=func.coalesce(
            conversations.c.notices_due_at, bindparam("notices_at", type_=UtcDateTime())
        ),
    )
)
READ_OWN = (
    update(memberships)
    .where(memberships.c.conversation_id == bindparam("of"), memberships.c.user_id == bindparam("user"))
    .values(
        read_position=bindparam("version_"),
        read_message_id=bindparam("message_id"),
        read_at=bindparam("at"),
        marked_unread=False,
    )
)
