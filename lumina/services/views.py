"""What the reading operations hand to the presenters: rows gathered in as few statements as the shape needs.

Rows are plain tuples with the names of the columns; a mapped object, which has the same names, serves as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from sqlalchemy import Select, and_, or_, select

from lumina.extensions import db
from lumina.models import Conversation, Escrow, Message, statements
from lumina.models.conversations import is_priority_key, other_in
from lumina.models.escrows import IS_UNSETTLED

T = TypeVar("T")


class Person(Protocol):
    """As much of a User as others see beside a message."""

    @property
    def id(self) -> int: ...
    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...
    @property
    def photo_key(self) -> str | None: ...


class Participant(NamedTuple):
    """A member, with how far they have read, and when they were last connected."""

    conversation_id: int
    id: int
    first_name: str
    last_name: str
    photo_key: str | None
    role: str
    joined_at: datetime
    read_position: int
    read_at: datetime | None
    connected_at: datetime | None
    last_seen_at: datetime | None
    show_presence: bool
    show_receipts: bool
    closed_at: datetime | None


class Standing(NamedTuple):
    """What became of a message, as far as its sender may know."""

    status: str
    delivered_at: datetime | None
    read_at: datetime | None


class Reply(NamedTuple):
    """What a message replies to, as it is now; `content` is its beginning, `thumb_id` a file that has a small picture."""

    sender_id: int
    first_name: str
    last_name: str
    content: str
    type: str
    version: int
    is_gone: bool
    thumb_id: int | None


class Reacted(NamedTuple):
    message_id: int
    user_id: int
    reaction: str
    created_at: datetime


class Attached(NamedTuple):
    """A file of a message."""

    message_id: int | None
    id: int
    file_id: int
    kind: str
    file_name: str
    file_size: int
    mime_type: str
    width: int | None
    height: int | None
    duration_ms: int | None
    peaks: list[float] | None
    has_thumb: bool


@dataclass(slots=True)
class MessageView:
    """A message, its sender, the other person where there are just two, and what hangs on it."""

    message: Message
    sender: Person
    receiver_id: int | None
    reply: Reply | None = None
    reactions: list[Reacted] = field(default_factory=list)
    attachments: list[Attached] = field(default_factory=list)
    hidden_by: int | None = None
    standing: Standing | None = None
    conversation_name: str | None = None
    escrow: Escrow | None = None


@dataclass(slots=True)
class ConversationView:
    """A conversation as one member sees it; `conversation` also bears that member's own fields, as my_…; of a priority
    conversation `escrow` is the latest purchase, and `owed` what is due an answer in it soonest."""

    conversation: Any
    participants: list[Participant] = field(default_factory=list)
    last_message: MessageView | None = None
    escrow: Escrow | None = None
    owed: Escrow | None = None


@dataclass(slots=True)
class Page(Generic[T]):
    items: list[T]
    next_cursor: str | None


class Wallet(NamedTuple):
    """Somebody's balances, in minor units; `debt` is zero or below."""

    available: int = 0
    held: int = 0
    pending: int = 0
    payouts: int = 0
    debt: int = 0


class Sender(NamedTuple):
    id: int
    first_name: str
    last_name: str
    photo_key: str | None


def messages(statement: Select[Any], **values: Any) -> list[MessageView]:
    """The messages that one of the statements finds, in four statements at most."""
    found = [_message(row) for row in statements.run(statement, values).all()]
    if reacted := [view.message.id for view in found if view.message.reaction_count]:
        by_message = _reactions(reacted)
        for view in found:
            view.reactions = by_message[view.message.id]
    if sent_with := [view.message.id for view in found if view.message.attachment_count]:
        of_message = _attachments(sent_with)
        for view in found:
            view.attachments = of_message[view.message.id]
    if bought := [view.message.id for view in found if _may_be_paid(view.message)]:
        paid_for = _paid_for(bought)
        for view in found:
            view.escrow = paid_for.get(view.message.id)
    return found


def _may_be_paid(message: Any) -> bool:
    return bool(message.is_priority and is_priority_key(message.direct_key))


def _paid_for(message_ids: list[int]) -> dict[int | None, Escrow]:
    found = db.session.scalars(select(Escrow).where(Escrow.message_id.in_(message_ids)))
    return {escrow.message_id: escrow for escrow in found}


def _message(row: Any) -> MessageView:
    sender = Sender(row.sender_id, row.first_name, row.last_name, row.photo_key)
    return MessageView(row, sender, other_in(row.direct_key, row.sender_id), _reply(row))


def _reply(row: Any) -> Reply | None:
    if row.reply_to_id is None:
        return None
    return Reply(
        row.reply_sender_id,
        row.reply_first_name,
        row.reply_last_name,
        row.reply_content,
        row.reply_type,
        row.reply_version,
        row.reply_gone_at is not None,
        row.reply_thumb_id,
    )


def as_reply(view: MessageView) -> Reply:
    """A message as the one that replies to it shows it."""
    row, sender = view.message, view.sender
    excerpt = row.content[: statements.messages.EXCERPT]
    thumb_id = next((one.id for one in view.attachments if one.has_thumb), None)
    return Reply(
        row.sender_id, sender.first_name, sender.last_name, excerpt, row.type, row.version, False, thumb_id
    )


def _reactions(message_ids: list[int]) -> dict[int, list[Reacted]]:
    found: dict[int, list[Reacted]] = defaultdict(list)
    for row in statements.run(statements.messages.REACTIONS, {"ids": message_ids}).all():
        found[row.message_id].append(Reacted._make(row))
    return found


def _attachments(message_ids: list[int]) -> dict[int, list[Attached]]:
    found: dict[int, list[Attached]] = defaultdict(list)
    for row in statements.run(statements.files.ATTACHMENTS, {"ids": message_ids}).all():
        found[row.message_id].append(Attached._make(row))
    return found


def message(message_id: int) -> MessageView:
    """One message by its id, whoever may see it."""
    return messages(statements.messages.MESSAGES, ids=[message_id])[0]


def conversations(statement: Select[Any], viewer_id: int, **values: Any) -> list[ConversationView]:
    """The conversations that one of the statements finds: a fixed number of statements, however many there are."""
    rows = statements.run(statement, values | {"viewer": viewer_id}).all()
    participants = _participants([row.id for row in rows], viewer_id)
    last = _last_messages(rows, viewer_id)
    bought = _bought(rows)
    return [
        ConversationView(row, participants[row.id], last.get(row.id), *bought.get(row.id, ())) for row in rows
    ]


def _bought(conversations: Sequence[Any]) -> dict[int, tuple[Escrow, Escrow | None]]:
    """By the ids of those that are paid: the latest purchase, and what is due an answer soonest."""
    latest = {row.escrow_id: row.id for row in conversations if row.escrow_id}
    if not latest:
        return {}
    held = and_(Escrow.conversation_id.in_(latest.values()), IS_UNSETTLED, Escrow.state == "held")
    found = db.session.scalars(
        select(Escrow)
        .where(or_(Escrow.id.in_(latest), held))
        .order_by(Escrow.answer_by, Escrow.id)
        .execution_options(populate_existing=True)
    ).all()
    owed: dict[int, Escrow] = {}
    for escrow in found:
        if escrow.state == "held":
            owed.setdefault(escrow.conversation_id, escrow)
    return {latest[one.id]: (one, owed.get(latest[one.id])) for one in found if one.id in latest}


def _last_messages(rows: Sequence[Any], viewer_id: int) -> dict[int, MessageView]:
    """Each conversation's last message that the viewer has not hidden."""
    ids = [row.last_message_id for row in rows if row.last_message_id]
    if not ids:
        return {}
    found = messages(statements.messages.SHOWN_MESSAGES, ids=ids, viewer=viewer_id)
    missing = {row.id for row in rows if row.last_message_id} - {
        view.message.conversation_id for view in found
    }
    if missing:
        values = {"ids": list(missing), "viewer": viewer_id}
        earlier = list(filter(None, db.session.scalars(statements.messages.LAST_SHOWN, values)))
        found += messages(statements.messages.MESSAGES, ids=earlier)
    return {view.message.conversation_id: view for view in found}


def broadcast(conversation: Conversation) -> ConversationView:
    """The conversation as nobody in particular sees it: what is sent to all alike."""
    escrow, owed = _bought([conversation]).get(conversation.id, (None, None))
    participants = _participants([conversation.id], None)[conversation.id]
    return ConversationView(conversation, participants, escrow=escrow, owed=owed)


def _participants(conversation_ids: list[int], viewer_id: int | None) -> dict[int, list[Participant]]:
    """All of them up to 100, beyond that the admins and the viewer; longest members first."""
    found: dict[int, list[Participant]] = defaultdict(list)
    if conversation_ids:
        values = {"ids": conversation_ids, "viewer": viewer_id}
        for row in statements.run(statements.members.SHOWN_PARTICIPANTS, values).all():
            found[row.conversation_id].append(Participant._make(row))
    return found
