"""What the reading operations hand to the presenters: rows gathered in as few statements as the shape needs.

Rows are plain tuples with the names of the columns; a mapped object, which has the same names, serves as well.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from sqlalchemy import Select

from lumina.extensions import db
from lumina.models import Conversation, Message, statements
from lumina.models.conversations import other_in

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


class Sender(NamedTuple):
    id: int
    first_name: str
    last_name: str


def messages(statement: Select[Any], **values: Any) -> list[MessageView]:
    """The messages that one of the statements finds."""
    return [_message(row) for row in db.session.execute(statement, values)]


def _message(row: Any) -> MessageView:
    sender = Sender(row.sender_id, row.first_name, row.last_name)
    return MessageView(row, sender, other_in(row.direct_key, row.sender_id))


def conversations(statement: Select[Any], viewer_id: int, **values: Any) -> list[ConversationView]:
    """The conversations that one of the statements finds: three statements in all, however many there are."""
    rows = db.session.execute(statement, values | {"viewer": viewer_id}).all()
    participants = _participants([row.id for row in rows], viewer_id)
    last_ids = [row.last_message_id for row in rows if row.last_message_id]
    last = {view.message.id: view for view in messages(statements.MESSAGES, ids=last_ids)} if last_ids else {}
    return [ConversationView(row, participants[row.id], last.get(row.last_message_id)) for row in rows]


def broadcast(conversation: Conversation) -> ConversationView:
    """The conversation as nobody in particular sees it: what is sent to all alike."""
    return ConversationView(conversation, _participants([conversation.id], None)[conversation.id])


def _participants(conversation_ids: list[int], viewer_id: int | None) -> dict[int, list[Participant]]:
    """All of them up to 100, beyond that the admins and the viewer; longest members first."""
    found: dict[int, list[Participant]] = defaultdict(list)
    if conversation_ids:
        values = {"ids": conversation_ids, "viewer": viewer_id}
        for row in db.session.execute(statements.SHOWN_PARTICIPANTS, values):
            found[row.conversation_id].append(Participant._make(row))
    return found
