"""Who may approach somebody. Each says for themselves who may begin to write to them directly: everyone, people they know,
or nobody; who does not say everyone is drawn into groups by people they know alone, since a group is a way to write.

Known is who shares a conversation with them. What has begun goes on, until one of the two blocks the other, and paying
for attention is a door of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased

from lumina.errors import Forbidden, Invalid
from lumina.extensions import db
from lumina.models import Conversation, Membership, User
from lumina.models.conversations import direct_key, other_in

CHOICES = ("everyone", "known", "nobody")


class Closed(NamedTuple):
    """Ids of people: those whom the actor cannot begin to write to, and those of them whom they cannot draw into a group
    either."""

    direct: set[int]
    group: set[int]


def checked(choice: str) -> str:
    """One of the choices. Raises Invalid."""
    if choice not in CHOICES:
        raise Invalid.field("directFrom", f"One of {', '.join(CHOICES)}.")
    return choice


def closed_to(actor: User, user_ids: Sequence[int]) -> Closed:
    """Who of these people keeps the actor out: a statement, and another where they know one of those who do."""
    is_known = _share_a_conversation(actor.id, User.id)
    rows = db.session.execute(
        select(User.id, is_known.label("is_known")).where(
            User.id.in_(user_ids),
            User.direct_from != "everyone",
            ~and_(User.direct_from == "known", is_known),
        )
    ).all()
    strange = {row.id for row in rows if not row.is_known}
    return Closed(strange | _not_begun(actor, {row.id for row in rows} - strange), strange)


def _not_begun(actor: User, user_ids: set[int]) -> set[int]:
    keys = [direct_key(actor.id, user_id) for user_id in user_ids]
    if not keys:
        return user_ids
    begun = db.session.scalars(select(Conversation.direct_key).where(Conversation.direct_key.in_(keys)))
    return user_ids - {other_in(key, actor.id) for key in begun}


def require_open(actor: User, user_id: int) -> None:
    """Raises Forbidden direct_closed where the actor cannot begin to write to this person."""
    if closed_to(actor, [user_id]).direct:
        raise Forbidden("This person takes no direct messages from you.", code="direct_closed")


def require_drawable(actor: User, user_ids: Sequence[int]) -> None:
    """Raises Forbidden group_closed where the actor cannot draw one of these people into a group."""
    if closed_to(actor, user_ids).group:
        raise Forbidden("One of these people is added by people they know only.", code="group_closed")


def _share_a_conversation(one_id: Any, other_id: Any) -> ColumnElement[bool]:
    one, other = aliased(Membership), aliased(Membership)
    return exists().where(
        one.user_id == one_id, other.conversation_id == one.conversation_id, other.user_id == other_id
    )
