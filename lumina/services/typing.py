"""Who is typing. No row stands behind it; whether somebody may is asked all the same."""

from __future__ import annotations

from sqlalchemy import select

from lumina.errors import NotFound
from lumina.extensions import db
from lumina.models import Membership, User
from lumina.services import events, lookup


def start(actor: User, conversation_id: str) -> None:
    """Tell the other members. Raises NotFound."""
    events.publish(events.TypingStarted(_member_of(actor, conversation_id), actor.id, actor.name))


def stop(actor: User, conversation_id: str) -> None:
    """Tell the other members. Raises NotFound."""
    events.publish(events.TypingStopped(_member_of(actor, conversation_id), actor.id, actor.name))


def end(actor: User, conversation_id: str) -> None:
    """Tell the members, whether or not the actor still is one: what had begun is over."""
    events.publish(events.TypingStopped(lookup.row_id(conversation_id), actor.id, actor.name))


def _member_of(actor: User, conversation_id: str) -> int:
    of = lookup.row_id(conversation_id)
    if not db.session.scalar(
        select(Membership.user_id).where(Membership.conversation_id == of, Membership.user_id == actor.id)
    ):
        raise NotFound
    return of
