"""Conversations: finding, starting, naming, archiving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select, tuple_
from sqlalchemy.exc import IntegrityError

from lumina import clock
from lumina.errors import Invalid, NotFound
from lumina.extensions import db
from lumina.models import Conversation, Membership, User
from lumina.models.conversations import direct_key
from lumina.models.types import folded
from lumina.services import cursors, events, lookup, members, text, views
from lumina.services.unit_of_work import operation, record
from lumina.services.views import ConversationView, Page

NAME, DESCRIPTION, QUERY = 120, 2000, 200


def find(actor: User, conversation_id: str) -> ConversationView:
    """A conversation the actor is a member of. Raises NotFound."""
    return lookup.conversation_view(actor, conversation_id)


def list_for(
    actor: User, *, filter: str = "all", query: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[ConversationView]:
    """The actor's conversations, latest activity first; archived ones only under their own filter. Raises Invalid."""
    statement = _matching(_filtered(views.seen_by(actor.id), filter), actor, query)
    order = Conversation.active_at, Conversation.id
    if cursor:
        moment, last_id = cursors.decode(cursor, cursors.moment, cursors.number)
        statement = statement.where(tuple_(*order) < tuple_(moment, last_id))
    statement = statement.order_by(*(column.desc() for column in order)).limit(limit + 1)
    rows = db.session.execute(statement).all()
    page = rows[:limit]
    following = cursors.encode(page[-1].active_at.isoformat(), page[-1].id) if len(rows) > limit else None
    return Page(views.gather(page, actor.id), following)


def _filtered(statement: Select[Any], filter: str) -> Select[Any]:
    if filter == "archived":
        return statement.where(Membership.archived)
    statement = statement.where(~Membership.archived)
    if filter == "unread":
        return statement.where(views.HAS_UNREAD)
    if filter == "groups":
        return statement.where(Conversation.type == "group")
    if filter == "priority":
        return statement.where(Conversation.type == "priority_dm")
    return statement


def _matching(statement: Select[Any], actor: User, query: str | None) -> Select[Any]:
    """Every word in the group's name, or in that of one other member."""
    for word in folded(text.optional(query, "query", QUERY) or "").split():
        other = Membership.__table__.alias()
        named = exists().where(
            other.c.conversation_id == Conversation.id,
            other.c.user_id == User.id,
            User.id != actor.id,
            User.name_key.contains(word, autoescape=True),
        )
        statement = statement.where(or_(Conversation.name_key.contains(word, autoescape=True), named))
    return statement


def count_unread(actor: User) -> int:
    """In how many conversations, archived ones aside, something waits to be read."""
    waiting = (
        select(func.count())
        .select_from(Membership)
        .join(Conversation)
        .where(Membership.user_id == actor.id, ~Membership.archived, views.HAS_UNREAD)
    )
    return db.session.scalar(waiting) or 0


@operation()
def start(
    actor: User,
    *,
    type: str,
    participant_ids: list[str],
    name: str | None = None,
    description: str | None = None,
) -> tuple[ConversationView, bool]:
    """Begin a conversation, or find the direct one that exists: (view, created). Raises Invalid, NotFound, Conflict."""
    others = members.people(actor, participant_ids, "participantIds")
    if type == "direct":
        return _start_direct(actor, others)
    members.require_room(len(others) + 1)
    now = clock.now()
    conversation = _new(actor, "group", now, len(others) + 1)
    conversation.name = text.optional(name, "name", NAME)
    conversation.name_key = conversation.name and folded(conversation.name)
    conversation.description = text.optional(description, "description", DESCRIPTION)
    db.session.add(conversation)
    db.session.flush()
    members.enter(conversation, [actor.id], now, role="admin")
    members.enter(conversation, others, now)
    return _created(actor, conversation, others), True


def _start_direct(actor: User, others: list[int]) -> tuple[ConversationView, bool]:
    if len(others) != 1:
        raise Invalid.field("participantIds", "A direct conversation has exactly one other person.")
    key = direct_key(actor.id, others[0])
    if existing := _direct(actor, key):
        return existing, False
    now = clock.now()
    conversation = _new(actor, "direct", now, 2)
    conversation.direct_key = key
    try:
        with db.session.begin_nested():
            db.session.add(conversation)
    except IntegrityError:
        # The other one was quicker by a hair; the unique key has waited for their commit.
        existing = _direct(actor, key)
        if existing is None:
            raise
        return existing, False
    members.enter(conversation, [actor.id, *others], now)
    return _created(actor, conversation, others), True


def _direct(actor: User, key: str) -> ConversationView | None:
    row = db.session.execute(views.seen_by(actor.id).where(Conversation.direct_key == key)).first()
    return views.gather([row], actor.id)[0] if row else None


def _new(actor: User, type: str, now: datetime, member_count: int) -> Conversation:
    return Conversation(
        type=type,
        created_by_id=actor.id,
        member_count=member_count,
        active_at=now,
        created_at=now,
        updated_at=now,
    )


def _created(actor: User, conversation: Conversation, others: list[int]) -> ConversationView:
    view = lookup.conversation_view(actor, conversation.id)
    record(events.ConversationCreated(view, (actor.id, *others)))
    return view


@operation(queue_by="conversation_id")
def update(
    actor: User, conversation_id: str, *, name: str | None = None, description: str | None = None
) -> ConversationView:
    """Change what is given; an empty text removes it. Raises NotFound, Forbidden, Invalid."""
    conversation = lookup.administered_group(actor, conversation_id)
    if name is not None:
        conversation.name = text.optional(name, "name", NAME)
        conversation.name_key = conversation.name and folded(conversation.name)
    if description is not None:
        conversation.description = text.optional(description, "description", DESCRIPTION)
    conversation.updated_at = clock.now()
    return updated(actor, conversation)


def updated(actor: User, conversation: Conversation) -> ConversationView:
    """Within an operation: the changed conversation as a view, and its event."""
    db.session.flush()
    view = lookup.conversation_view(actor, conversation.id)
    record(events.ConversationUpdated(view))
    return view


@operation(queue_by="conversation_id")
def archive(actor: User, conversation_id: str, *, archived: bool) -> ConversationView:
    """Put it away, or back, for the actor alone. Raises NotFound."""
    membership = db.session.get(Membership, (lookup.row_id(conversation_id), actor.id))
    if membership is None:
        raise NotFound
    membership.archived = archived
    db.session.flush()
    return lookup.conversation_view(actor, conversation_id)
