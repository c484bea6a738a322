"""How far each member has read: one mark per person, which only moves forward. What became of a message is derived from
the marks, and from when people were last connected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update

from lumina import clock
from lumina.errors import Forbidden, NotFound
from lumina.extensions import db
from lumina.models import Conversation, Membership, Message, User, statements
from lumina.models.statements.tables import LARGE
from lumina.services import escrows, events, lookup, presence, pushes
from lumina.services.unit_of_work import operation, record
from lumina.services.views import ConversationView, MessageView, Participant, Standing

SENT = Standing("sent", None, None)


@dataclass(frozen=True, slots=True)
class Receipt:
    """How far a message has come with one member."""

    id: int
    first_name: str
    last_name: str
    photo_key: str | None
    delivered_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Receipts:
    """Those of the first hundred members, who have read furthest first; how many have read, and of how many."""

    members: list[Receipt]
    read_count: int
    member_count: int


@operation(queue_by="conversation_id")
def mark_read(actor: User, conversation_id: str, message_id: str) -> ConversationView:
    """Read up to and including that message; an earlier one than before changes nothing. Raises NotFound."""
    of = lookup.row_id(conversation_id)
    membership = db.session.get(Membership, (of, actor.id), with_for_update=True)
    if membership is None:
        raise NotFound
    position = lookup.position(of, message_id)
    was_marked, membership.marked_unread = membership.marked_unread, False
    if position > membership.read_position:
        now, authors = clock.now(), _authors(membership, position)
        membership.read_position, membership.read_message_id = position, lookup.row_id(message_id)
        membership.read_at = now
        pushes.read(actor.id, of)
        record(
            events.ConversationRead(
                of, actor.id, lookup.row_id(message_id), now, authors, is_private=not actor.show_receipts
            )
        )
    db.session.flush()
    view = lookup.conversation_view(actor, conversation_id)
    if view.escrow:
        escrows.note_opened(actor, of)
    if was_marked:
        record(events.OwnSettingsChanged(view, actor))
    return view


@operation(queue_by="conversation_id")
def mark_unread(actor: User, conversation_id: str) -> ConversationView:
    """Put a mark on the conversation, for the actor alone, until it is read again; where nothing has been said there
    is nothing to mark. Raises NotFound."""
    of = lookup.row_id(conversation_id)
    has_messages = exists().where(Conversation.id == of, Conversation.last_message_id.is_not(None))
    marked = db.session.execute(
        update(Membership)
        .where(Membership.conversation_id == of, Membership.user_id == actor.id, has_messages)
        .values(marked_unread=True)
        .execution_options(synchronize_session=False)
    )
    view = lookup.conversation_view(actor, conversation_id)
    if marked.rowcount:  # type: ignore[attr-defined]
        record(events.OwnSettingsChanged(view, actor))
    return view


def _authors(membership: Membership, position: int) -> tuple[int, ...] | None:
    """Whose messages are read by moving the mark to `position`; None where everybody is told."""
    conversation = db.session.get_one(Conversation, membership.conversation_id)
    if conversation.member_count <= LARGE:
        return None
    return tuple(
        db.session.scalars(
            select(Message.sender_id)
            .where(
                Message.conversation_id == conversation.id,
                Message.position > membership.read_position,
                Message.position <= position,
            )
            .distinct()
        )
    )


def stand(viewer: User, messages: Iterable[MessageView]) -> None:
    """Put on the viewer's own among these messages what became of them: one statement, and three more with a large group."""
    own = [view for view in messages if _is_own(viewer, view)]
    ids = {view.message.conversation_id for view in own}
    members: dict[int, list[Participant]] = defaultdict(list)
    for row in statements.run(statements.receipts.SMALL_CIRCLES, {"ids": sorted(ids)}) if ids else ():
        members[row.conversation_id].append(Participant._make(row))
    large = _read_by_all(viewer, ids - members.keys())
    for view in own:
        of = view.message.conversation_id
        view.standing = (
            _standing(_others(viewer, members[of]), view.message)
            if of in members
            else _standing_in_large(large[of], view.message)
        )


def stand_in(viewer: User, conversation: ConversationView, messages: Sequence[MessageView]) -> None:
    """The same for messages of one conversation, which bears its members already."""
    own = [view for view in messages if _is_own(viewer, view)]
    if conversation.conversation.member_count > LARGE:
        stand(viewer, own)
    elif own:
        others = _others(viewer, conversation.participants)
        for view in own:
            view.standing = _standing(others, view.message)


def stand_on_last(viewer: User, conversations: Iterable[ConversationView]) -> None:
    """The same for the last message of each of these conversations; some statements more where a large group is among
    them."""
    large = []
    for view in conversations:
        if view.last_message and _is_own(viewer, view.last_message):
            if view.conversation.member_count > LARGE:
                large.append(view.last_message)
            else:
                stand_in(viewer, view, [view.last_message])
    stand(viewer, large)


def _is_own(viewer: User, view: MessageView) -> bool:
    return bool(view.message.sender_id == viewer.id and view.message.type != "system")


def _read_by_all(viewer: User, conversation_ids: set[int]) -> dict[int, int]:
    """How far everybody else has read, in groups too large to look at each member: 0 where that is not told."""
    found: dict[int, int] = defaultdict(int)
    if not conversation_ids:
        return found
    if not db.session.scalar(select(User.show_receipts).where(User.id == viewer.id)):
        return found
    values = {"ids": sorted(conversation_ids), "viewer": viewer.id}
    silent = set(db.session.scalars(statements.receipts.HIDDEN_READERS, values))
    for row in statements.run(statements.receipts.READ_BY_ALL, values):
        found[row.conversation_id] = 0 if row.conversation_id in silent else row.position
    return found


def read_by_all(viewer: User, conversation_id: int) -> int:
    """The position up to which everybody else in a large group has read; 0 where that is not told."""
    return _read_by_all(viewer, {conversation_id})[conversation_id]


def _standing_in_large(read_position: int, message: Any) -> Standing:
    if message.position > read_position:
        return SENT
    return Standing("read", message.created_at, message.created_at)


def _others(viewer: User, members: Sequence[Participant]) -> list[Participant] | None:
    """Those on whom it hangs what became of the viewer's messages; None where the viewer shows no receipts."""
    if not all(member.show_receipts for member in members if member.id == viewer.id):
        return None
    return [member for member in members if member.id != viewer.id]


def _standing(others: list[Participant] | None, message: Any) -> Standing:
    """Delivered and read count once they hold for every other member who was one when it was sent, and still is."""
    delivered: list[datetime] = []
    read: list[datetime] = []
    for member in others or ():
        if member.joined_at > message.created_at:
            continue
        reached = delivered_at(member, message)
        if reached is None:
            return SENT
        delivered.append(reached)
        if at := read_at(member, message):
            read.append(at)
    if not delivered:
        return SENT
    if len(read) < len(delivered):
        return Standing("delivered", max(delivered), None)
    return Standing("read", max(delivered), max(read))


def read_at(member: Participant, message: Any) -> datetime | None:
    """When this member had read a message at the latest, as far as they let it be known."""
    if not member.show_receipts or member.read_position < message.position:
        return None
    sent: datetime = message.created_at
    return max(member.read_at or sent, sent)


def delivered_at(member: Participant, message: Any) -> datetime | None:
    """When a message had reached this member at the latest: since it was sent, they have been connected."""
    if not member.show_receipts:
        return None
    read = read_at(member, message)
    sent: datetime = message.created_at
    if presence.is_online(member.id) or (member.last_seen_at and member.last_seen_at >= sent):
        connected = max(member.connected_at or sent, sent)
        return min(connected, read) if read else connected
    return read


def of_message(actor: User, message_id: str) -> Receipts:
    """How far one's own message has come with the other members. Raises NotFound, and Forbidden for somebody else's
    message and to who shows no receipts."""
    view = lookup.message_view(actor, message_id)
    message = view.message
    if not _is_own(actor, view):
        raise Forbidden("Only its sender learns what became of a message.", code="not_the_sender")
    if not db.session.scalar(select(User.show_receipts).where(User.id == actor.id)):
        raise Forbidden("You have switched receipts off.", code="receipts_off")
    values = {
        "of": message.conversation_id,
        "viewer": actor.id,
        "at": message.created_at,
        "position": message.position,
    }
    members, read = db.session.execute(statements.receipts.RECEIPT_COUNTS, values).one()
    rows = statements.run(statements.receipts.RECEIPTS, values | {"most": LARGE})
    found = [Participant._make(row) for row in rows]
    return Receipts(
        [
            Receipt(
                m.id, m.first_name, m.last_name, m.photo_key, delivered_at(m, message), read_at(m, message)
            )
            for m in found
        ],
        read or 0,
        members,
    )
