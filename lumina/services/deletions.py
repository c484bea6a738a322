"""Deleting a message: for everyone, with time to think again, or for oneself."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import select

from lumina import clock
from lumina.config import Config
from lumina.errors import Conflict, Forbidden
from lumina.extensions import db
from lumina.models import HiddenMessage, User, statements
from lumina.services import attachments, escrows, events, search_index
from lumina.services.changes import Change, changed, changing, touch, unchanged, updated
from lumina.services.unit_of_work import record
from lumina.services.views import MessageView

_window = timedelta(days=1)


def configure(config: Config) -> None:
    """Take how long a deleted message can come back."""
    global _window
    _window = timedelta(seconds=config.restore_window_seconds)


def delete(actor: User, message_id: str, scope: str = "everyone") -> MessageView:
    """Delete a message for everyone, or (scope "me") for the actor alone. Raises NotFound, Forbidden, Conflict."""
    return _hide(actor, message_id) if scope == "me" else _delete(actor, message_id)


@changing
def _delete(actor: User, change: Change) -> MessageView:
    change.require_written()
    message = change.message
    is_admin = change.conversation.type == "group" and change.membership.role == "admin"
    if message.sender_id != actor.id and not is_admin:
        raise Forbidden("Only its sender may delete a message for everyone.", code="not_the_sender")
    if message.deleted_at:
        return unchanged(message)
    if change.conversation.escrow_id and db.session.scalar(select(escrows.rests_on(message))):
        raise Conflict("This has been paid for, and waits for its answer.", code="escrow_held")
    touch(change.conversation, message)
    message.deleted_at, message.deleted_by_id = message.updated_at, actor.id
    message.purge_at = message.deleted_at + _window
    message.pinned_at = message.pinned_by_id = None
    search_index.drop([message.id])
    return changed(events.MessageDeleted, message)


@partial(changing, even_hidden=True)
def _hide(actor: User, change: Change) -> MessageView:
    message = change.message
    view = unchanged(message)
    view.hidden_by = actor.id
    if db.session.get(HiddenMessage, (actor.id, message.id)) is None:
        db.session.add(
            HiddenMessage(user_id=actor.id, message_id=message.id, conversation_id=message.conversation_id)
        )
        record(events.MessageHidden(view, actor.id))
    return view


@changing
def restore(actor: User, change: Change) -> MessageView:
    """Bring a deleted message back, by who deleted it or an admin of the group. Raises NotFound, Forbidden."""
    message = change.message
    if message.deleted_at is None:
        return unchanged(message)
    is_admin = change.conversation.type == "group" and change.membership.role == "admin"
    if message.deleted_by_id != actor.id and not is_admin:
        raise Forbidden("Only who deleted a message may restore it.", code="not_the_deleter")
    if message.purge_at is None or clock.now() >= message.purge_at:
        raise Forbidden("This message can no longer be restored.", code="restore_window_over")
    change.require_reachable(actor)
    touch(change.conversation, message)
    message.deleted_at = message.deleted_by_id = message.purge_at = None
    db.session.flush()
    search_index.put(message, attachments.names(message))
    return updated(message)


def hidden_ids(actor: User, conversation_id: int) -> list[int]:
    """The messages of a conversation that the actor has hidden."""
    values = {"viewer": actor.id, "of": conversation_id}
    return list(db.session.scalars(statements.messages.HIDDEN_IDS, values))
