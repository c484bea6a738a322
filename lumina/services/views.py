"""What the reading operations hand to the presenters: rows gathered in as few statements as the shape needs.

Rows are plain tuples with the names of the columns rather than mapped objects, which cost several times as much;
a mapped object with the same names serves as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from lumina.extensions import db
from lumina.models import Conversation, Membership, Message, User
from lumina.models.conversations import other_in

LARGE = 100
UNREAD_STOP = 1000
T = TypeVar("T")


class Person(Protocol):
    """As much of a User as others see beside a message."""

    @property
    def id(self) -> int: ...
    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...


class Participant(NamedTuple):
    conversation_id: int
    id: int
    first_name: str
    last_name: str
    role: str
    joined_at: datetime


@dataclass(slots=True)
class MessageView:
    """A message, its sender, and the other person where there are just two."""

    message: Message
    sender: Person
    receiver_id: int | None


@dataclass(slots=True)
class ConversationView:
    """A conversation as one member sees it; `conversation` also bears that member's own fields, as my_…"""

    conversation: Any
    participants: list[Participant] = field(default_factory=list)
    last_message: MessageView | None = None


@dataclass(slots=True)
class Page(Generic[T]):
    items: list[T]
    next_cursor: str | None


MINE = [
    getattr(Membership, name).label(f"my_{name}")
    for name in (
        "role",
        "read_position",
        "read_message_id",
        "archived",
        "notifications",
        "muted",
        "muted_until",
    )
]
_unread = (
    select(Message.id)
    .where(
        Message.conversation_id == Membership.conversation_id,
        Message.position > Membership.read_position,
        Message.sender_id != Membership.user_id,
    )
    .correlate(Membership)
)
HAS_UNREAD = _unread.exists()
# Counted no further than 1,000, so that a neglected conversation costs no more than a busy one.
UNREAD = (
    select(func.count())
    .select_from(_unread.limit(UNREAD_STOP).subquery())
    .correlate(Membership)
    .scalar_subquery()
)


def seen_by(user_id: int) -> Select[Any]:
    """The conversations of this person with their own fields beside."""
    return (
        select(*Conversation.__table__.c, *MINE, UNREAD.label("unread_count"))
        .join(Membership, Membership.conversation_id == Conversation.id)
        .where(Membership.user_id == user_id)
    )


def gather(rows: Sequence[Any], viewer_id: int) -> list[ConversationView]:
    """Complete conversation rows with participants and last messages: two statements, however many rows."""
    participants = _participants([row.id for row in rows], viewer_id)
    last = {
        view.message.id: view
        for view in messages_where(
            Message.id.in_([row.last_message_id for row in rows if row.last_message_id])
        )
    }
    return [ConversationView(row, participants[row.id], last.get(row.last_message_id)) for row in rows]


def broadcast(conversation: Conversation) -> ConversationView:
    """The conversation as nobody in particular sees it: what is sent to all alike."""
    return ConversationView(conversation, _participants([conversation.id], None)[conversation.id])


def participant_rows() -> Select[Any]:
    """Statement whose rows are Participants."""
    return select(  # type: ignore[return-value]
        Membership.conversation_id,
        User.id,
        User.first_name,
        User.last_name,
        Membership.role,
        Membership.joined_at,
    ).join(User, User.id == Membership.user_id)


def _participants(conversation_ids: list[int], viewer_id: int | None) -> dict[int, list[Participant]]:
    """All of them up to 100, beyond that the admins and the viewer; longest members first."""
    found: dict[int, list[Participant]] = defaultdict(list)
    if conversation_ids:
        shown = or_(Conversation.member_count <= LARGE, Membership.role == "admin", User.id == viewer_id)
        for row in db.session.execute(
            participant_rows()
            .join(Conversation, Conversation.id == Membership.conversation_id)
            .where(Membership.conversation_id.in_(conversation_ids), shown)
            .order_by(Membership.joined_at, User.id)
        ):
            found[row.conversation_id].append(Participant._make(row))
    return found


def messages_where(
    *conditions: ColumnElement[bool], order_by: Sequence[Any] = (), limit: int | None = None
) -> list[MessageView]:
    """Messages with their senders, in one statement."""
    statement = (
        select(
            *Message.__table__.c,
            User.first_name,
            User.last_name,
            Conversation.direct_key,
        )
        .join(User, User.id == Message.sender_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(and_(*conditions))
        .order_by(*order_by)
        .limit(limit)
    )
    return [message_view(row) for row in db.session.execute(statement)]


class Sender(NamedTuple):
    id: int
    first_name: str
    last_name: str


def message_view(row: Any) -> MessageView:
    """A row of messages_where as a view."""
    sender = Sender(row.sender_id, row.first_name, row.last_name)
    return MessageView(row, sender, other_in(row.direct_key, row.sender_id))
