"""Changing a message: under its conversation's lock, each change taking the next version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from lumina import clock
from lumina.errors import Conflict, Forbidden
from lumina.extensions import db
from lumina.models import Conversation, Membership, Message, User
from lumina.services import blocks, events, lookup, receipts, views
from lumina.services.unit_of_work import operation, record
from lumina.services.views import MessageView

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Change:
    """A message that is about to be changed, its locked conversation, and the actor's membership."""

    conversation: Conversation
    membership: Membership
    message: Message

    def require_standing(self) -> None:
        """Raises Conflict for a deleted message, Forbidden for a system line."""
        if self.message.deleted_at:
            raise Conflict("This message has been deleted.", code="deleted")
        self.require_written()

    def require_reachable(self, actor: User) -> None:
        """Raises Forbidden where the other person of two cannot be written to, and so told nothing new."""
        blocks.require_reachable(actor, self.conversation.direct_key)

    def require_written(self) -> None:
        """Raises Forbidden for a system line, which nobody wrote."""
        if self.message.type == "system":
            raise Forbidden("This line is not somebody's message.", code="system_message")


def changing(
    function: Callable[Concatenate[User, Change, P], R], *, even_hidden: bool = False
) -> Callable[Concatenate[User, str, P], R]:
    """Make a function of (actor, change, …) an operation of (actor, message_id, …). Raises NotFound."""

    @operation(queue_by="conversation_id")
    def locked(actor: User, conversation_id: str, message_id: str, *args: Any, **kwargs: Any) -> R:
        found = lookup.locked_message(actor, conversation_id, message_id, even_hidden=even_hidden)
        return function(actor, Change(*found), *args, **kwargs)

    @wraps(function)
    def run(actor: User, message_id: str, *args: P.args, **kwargs: P.kwargs) -> R:
        result = locked(actor, str(lookup.conversation_of(message_id)), message_id, *args, **kwargs)
        if isinstance(result, MessageView):
            receipts.stand(actor, [result])
        return result

    return run  # type: ignore[return-value]


def touch(conversation: Conversation, message: Message) -> None:
    """Within an operation that has locked the conversation: the message takes the next version."""
    conversation.version += 1
    message.version = conversation.version
    message.updated_at = clock.now()


def changed(event: Callable[[MessageView], events.Event], message: Message) -> MessageView:
    """Within an operation: the changed message as a view, and its event."""
    db.session.flush()
    view = views.message(message.id)
    record(event(view))
    return view


def updated(message: Message) -> MessageView:
    """The same for what has no event of its own."""
    return changed(events.MessageUpdated, message)


def unchanged(message: Message) -> MessageView:
    """The view of a message that is already as it was wanted."""
    db.session.flush()
    return views.message(message.id)
