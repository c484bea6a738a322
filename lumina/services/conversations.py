"""Conversations: finding, starting, naming, archiving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from lumina import clock
from lumina.errors import Invalid, NotFound
from lumina.extensions import db
from lumina.models import Conversation, Membership, User, listing, statements
from lumina.models.conversations import direct_key
from lumina.models.types import folded
from lumina.services import (
    blocks,
    cursors,
    events,
    lines,
    lookup,
    members,
    photos,
    reach,
    receipts,
    text,
    views,
)
from lumina.services.unit_of_work import operation, record
from lumina.services.views import ConversationView, Page

NAME, DESCRIPTION, QUERY = 120, 2000, 200


def find(actor: User, conversation_id: str) -> ConversationView:
    """A conversation the actor is a member of. Raises NotFound."""
    view = lookup.conversation_view(actor, conversation_id)
    receipts.stand_on_last(actor, [view])
    return view


def list_for(
    actor: User, *, filter: str = "all", query: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[ConversationView]:
    """The actor's conversations, latest activity first; archived ones only under their own filter. Raises Invalid."""
    words = folded(text.optional(query, "query", QUERY) or "").split()
    values: dict[str, Any] = {f"word{number}": statements.like(word) for number, word in enumerate(words)}
    if cursor:
        values["active_at"], values["id"] = cursors.decode(cursor, cursors.moment, cursors.number)
    statement = listing.conversation_list(filter, len(words), bool(cursor))
    found = views.conversations(statement, actor.id, most=limit + 1, **values)
    page = found[:limit]
    receipts.stand_on_last(actor, page)
    if len(found) == len(page):
        return Page(page, None)
    last = page[-1].conversation
    return Page(page, cursors.encode(last.active_at.isoformat(), last.id))


@operation()
def start(
    actor: User,
    *,
    type: str,
    participant_ids: list[str],
    name: str | None = None,
    description: str | None = None,
) -> tuple[ConversationView, bool]:
    """Begin a conversation, or find the direct one that exists: (view, created). Raises Invalid, NotFound, Conflict,
    Forbidden blocked."""
    others = members.people(actor, participant_ids, "participantIds")
    if type == "direct":
        return _start_direct(actor, others)
    members.require_room(len(others) + 1)
    members.require_drawable(actor, others)
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
    blocks.require_reachable(actor, key)
    reach.require_open(actor, others[0])
    try:
        with db.session.begin_nested():
            conversation = make_pair(actor, "direct", key, (actor.id, *others))
    except IntegrityError:
        # The other one was quicker by a hair; the unique key has waited for their commit.
        return views.conversations(statements.conversations.DIRECT_CONVERSATION, actor.id, key=key)[0], False
    return _created(actor, conversation, others), True


def make_pair(actor: User, type: str, key: str, both: tuple[int, ...]) -> Conversation:
    """Within an operation: a conversation of two. Raises IntegrityError where the key is taken."""
    now = clock.now()
    conversation = _new(actor, type, now, 2)
    conversation.direct_key = key
    db.session.add(conversation)
    db.session.flush()
    members.enter(conversation, list(both), now)
    return conversation


def _direct(actor: User, key: str) -> ConversationView | None:
    found = views.conversations(statements.conversations.DIRECT_CONVERSATION, actor.id, key=key)
    return found[0] if found else None


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
    actor: User,
    conversation_id: str,
    *,
    name: str | None = None,
    description: str | None = None,
    avatar: str | None = None,
) -> ConversationView:
    """Change what is given; an empty text removes it; `avatar` is an upload's id. Raises NotFound, Forbidden, Invalid."""
    conversation = lookup.administered_group(actor, conversation_id)
    before = conversation.name, conversation.description
    if name is not None:
        conversation.name = text.optional(name, "name", NAME)
        conversation.name_key = conversation.name and folded(conversation.name)
    if description is not None:
        conversation.description = text.optional(description, "description", DESCRIPTION)
    before_photo = conversation.photo_key
    if avatar is not None:
        conversation.photo_key = photos.changed(actor, avatar, before_photo)
    conversation.updated_at = clock.now()
    if conversation.name != before[0]:
        lines.add(conversation, actor, "renamed", name=conversation.name)
    if conversation.description != before[1]:
        lines.add(conversation, actor, "described")
    if conversation.photo_key != before_photo:
        lines.add(conversation, actor, "photo", set=bool(conversation.photo_key))
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
