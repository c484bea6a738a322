"""Who is typing. No row stands behind it; whether somebody may is asked all the same."""

from __future__ import annotations

from lumina.models import User
from lumina.services import blocks, events, lookup


def start(actor: User, conversation_id: str) -> None:
    """Tell the other members. Raises NotFound, Forbidden blocked."""
    of, key = lookup.key_of(actor, conversation_id)
    blocks.require_reachable(actor, key)
    events.publish(events.TypingStarted(of, actor.id, actor.name))


def stop(actor: User, conversation_id: str) -> None:
    """Tell the other members. Raises NotFound."""
    events.publish(events.TypingStopped(lookup.membership_of(actor, conversation_id), actor.id, actor.name))


def end(actor: User, conversation_id: str) -> None:
    """Tell the members, whether or not the actor still is one: what had begun is over."""
    events.publish(events.TypingStopped(lookup.row_id(conversation_id), actor.id, actor.name))
