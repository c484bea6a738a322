"""Who may begin to write to somebody directly. Each says for themselves: everybody, people they know, or nobody.

Known is who shares a conversation with them, a group or a paid one. What has begun goes on, until one of the two blocks
the other; drawing into a group and paying for attention are doors of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import aliased

from lumina.errors import Forbidden, Invalid
from lumina.extensions import db
from lumina.models import Conversation, Membership, User
from lumina.models.conversations import direct_key, other_in

CHOICES = ("everyone", "known", "nobody")


def checked(choice: str) -> str:
    """One of the choices. Raises Invalid."""
    if choice not in CHOICES:
        raise Invalid.field("directFrom", f"One of {', '.join(CHOICES)}.")
    return choice


def closed_to(actor: User, user_ids: Iterable[int]) -> set[int]:
    """Those of them to whom the actor cannot begin to write, and has not begun: a statement, and another where there are
    some."""
    found = set(
        db.session.scalars(
            select(User.id).where(
                User.id.in_(sorted(user_ids)),
                User.direct_from != "everyone",
                or_(User.direct_from == "nobody", ~_share_a_conversation(actor.id, User.id)),
            )
        )
    )
    if not found:
        return found
    keys = [direct_key(actor.id, user_id) for user_id in sorted(found)]
    begun = db.session.scalars(select(Conversation.direct_key).where(Conversation.direct_key.in_(keys)))
    return found - {other_in(key, actor.id) for key in begun}


def require_open(actor: User, user_id: int) -> None:
    """Raises Forbidden direct_closed where the actor cannot begin to write to this person."""
    if closed_to(actor, [user_id]):
        raise Forbidden("This person takes no direct messages from you.", code="direct_closed")


def _share_a_conversation(one_id: Any, other_id: Any) -> ColumnElement[bool]:
    one, other = aliased(Membership), aliased(Membership)
    return exists().where(
        one.user_id == one_id, other.conversation_id == one.conversation_id, other.user_id == other_id
    )
