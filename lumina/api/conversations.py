"""Conversations: the list, one with its messages, starting, naming, reading, archiving."""

from __future__ import annotations

from typing import Any

from lumina.api.route import route
from lumina.models import User
from lumina.presenters import shapes, wire
from lumina.schemas import conversations as schemas
from lumina.schemas.money import Renew
from lumina.services import conversations, deletions, messages, purchases, receipts, settings
from lumina.services.purchases import Agreed
from lumina.services.views import ConversationView

BASE = "/messages/conversations"
ONE = {"conversation": shapes.Conversation}


def _one(actor: User, view: ConversationView) -> dict[str, Any]:
    return {"conversation": wire.conversation(view, actor)}


@route(
    "GET",
    BASE,
    query=schemas.ListConversations,
    answer={"conversations": list[shapes.Conversation], "nextCursor": str | None},
)
def list_conversations(actor: User, query: schemas.ListConversations) -> dict[str, object]:
    """One's conversations, the latest activity first."""
    page = conversations.list_for(actor, **query.model_dump())
    return {
        "conversations": [wire.conversation(view, actor) for view in page.items],
        "nextCursor": page.next_cursor,
    }


@route("POST", BASE, body=schemas.StartConversation, answer=ONE, status=201)
def start(actor: User, body: schemas.StartConversation) -> tuple[dict[str, object], int]:
    """Begin a conversation; a direct one that exists is returned with 200. `priority_dm` buys an expert's attention."""
    if body.type == "priority_dm":
        agreed = Agreed.of(body.priority_price, body.priority_duration)
        return _one(actor, purchases.buy(actor, body.participant_ids, agreed)), 201
    view, created = conversations.start(
        actor,
        type=body.type,
        participant_ids=body.participant_ids,
        name=body.name,
        description=body.description,
    )
    return _one(actor, view), 201 if created else 200


@route(
    "GET",
    f"{BASE}/<conversation_id>",
    query=schemas.ReadHistory,
    answer={
        "conversation": shapes.Conversation,
        "messages": list[shapes.Message],
        "hasMore": bool,
        "hiddenIds": list[str],
    },
    optional=("hiddenIds",),
)
def read(actor: User, conversation_id: str, query: schemas.ReadHistory) -> dict[str, object]:
    """A conversation and its latest messages, those before or after one, or what changed since a version."""
    view = conversations.find(actor, conversation_id)
    if query.since is not None:
        changes = messages.changes(actor, view, query.since, query.limit)
        found, more = changes.messages, changes.has_more
    else:
        stretch = messages.history(actor, view, before=query.before, after=query.after, limit=query.limit)
        found, more = stretch.messages, stretch.has_newer if query.after else stretch.has_older
    answer = _one(actor, view) | {"messages": [wire.message(m, actor) for m in found], "hasMore": more}
    if query.since is None:
        return answer
    return answer | {
        "hiddenIds": [str(row_id) for row_id in deletions.hidden_ids(actor, view.conversation.id)]
    }


@route("POST", f"{BASE}/<conversation_id>/renew", body=Renew, answer=ONE, status=201)
def renew(actor: User, conversation_id: str, body: Renew) -> dict[str, object]:
    """Buy the next window in a priority conversation that has closed."""
    return _one(actor, purchases.renew(actor, conversation_id, Agreed.of(body.priority_price)))


@route("PATCH", f"{BASE}/<conversation_id>", body=schemas.UpdateConversation, answer=ONE)
def update(actor: User, conversation_id: str, body: schemas.UpdateConversation) -> dict[str, object]:
    """Rename or describe a group, by one of its admins."""
    return _one(actor, conversations.update(actor, conversation_id, **body.given()))


@route("POST", f"{BASE}/<conversation_id>/archive", body=schemas.Archive, answer=ONE)
def archive(actor: User, conversation_id: str, body: schemas.Archive) -> dict[str, object]:
    """Put a conversation away, or take it back, for oneself."""
    return _one(actor, conversations.archive(actor, conversation_id, archived=body.archived))


@route("POST", f"{BASE}/<conversation_id>/read", body=schemas.MarkRead, answer=ONE)
def mark_read(actor: User, conversation_id: str, body: schemas.MarkRead) -> dict[str, object]:
    """Read up to and including a message."""
    return _one(actor, receipts.mark_read(actor, conversation_id, body.message_id))


@route("POST", f"{BASE}/<conversation_id>/unread", answer=ONE)
def mark_unread(actor: User, conversation_id: str) -> dict[str, object]:
    """Mark a conversation as unread for oneself, until it is read again."""
    return _one(actor, receipts.mark_unread(actor, conversation_id))


@route("PUT", f"{BASE}/<conversation_id>/settings", body=schemas.ChangeSettings, answer=ONE)
def change_settings(actor: User, conversation_id: str, body: schemas.ChangeSettings) -> dict[str, object]:
    """Change one's own `notifications` and `notificationLevel`, or what all share: in a group, by an admin."""
    return _one(actor, settings.change(actor, conversation_id, **body.given()))


@route("POST", f"{BASE}/<conversation_id>/mute", body=schemas.Mute, answer=ONE)
def mute(actor: User, conversation_id: str, body: schemas.Mute) -> dict[str, object]:
    """Mute for oneself, for good or until a time, or unmute; without `muted` it toggles."""
    view = settings.mute(actor, conversation_id, muted=body.muted, muted_until=body.muted_until)
    return _one(actor, view)
