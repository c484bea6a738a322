"""Who wants nothing of whom. A block stands between two people in both directions, and does not say who put it there.

What it stops is all that one would say to the other alone: writing, editing, reacting, pinning, typing, changing what
both share, starting a conversation, drawing into a group. Taking back stays free; in groups that both are in,
nothing changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, tuple_

from lumina import clock
from lumina.errors import Forbidden, Invalid, NotFound
from lumina.extensions import db
from lumina.models import Block, Conversation, User, statements
from lumina.models import conversations as keys
from lumina.services import cursors, events, giving_back, lookup, presence, views
from lumina.services.unit_of_work import operation, record
from lumina.services.views import ConversationView, Page


def between(one_id: Any, other_id: Any) -> ColumnElement[bool]:
    """Of ids or columns: one of the two has blocked the other."""
    return exists().where(
        or_(
            and_(Block.blocker_id == one_id, Block.blocked_id == other_id),
            and_(Block.blocker_id == other_id, Block.blocked_id == one_id),
        )
    )


def stands_between(one_id: int, other_id: int) -> bool:
    """Whether one of the two has blocked the other."""
    return bool(db.session.scalar(select(between(one_id, other_id))))


def has_blocked(actor: User, user_id: int) -> bool:
    """Whether the actor has; the other way round is for nobody to know."""
    return db.session.get(Block, (actor.id, user_id)) is not None


def require_none(actor: User, user_ids: Sequence[int], message: str) -> None:
    """Raises Forbidden blocked where a block stands between the actor and one of these."""
    if db.session.scalar(select(User.id).where(User.id.in_(user_ids), between(actor.id, User.id)).limit(1)):
        raise Forbidden(message, code="blocked")


def require_reachable(actor: User, key: str | None) -> None:
    """The same for the other person of a conversation's key; in a group everybody is reachable."""
    other = keys.other_in(key, actor.id)
    if other and stands_between(actor.id, other):
        raise Forbidden("You cannot write to this person.", code="blocked")


def other_in(actor: User, view: ConversationView) -> int:
    """Whom the actor can block in a conversation: the other one of two. Raises Forbidden not_a_pair."""
    other = keys.other_in(view.conversation.direct_key, actor.id)
    if other is None:
        raise Forbidden("In a group nobody is blocked.", code="not_a_pair")
    return other


@operation()
def change(actor: User, user_id: str, *, blocked: bool) -> User:
    """Block somebody, or do so no more; where it is so already, nothing happens.

    What is held between the two for an answer, on either side, goes back at once. Raises NotFound, Invalid own_account.
    """
    of = lookup.row_id(user_id)
    if of == actor.id:
        raise Invalid("You cannot block yourself.", code="own_account")
    giving_back.lock_offers(actor.id, of)
    conversations = giving_back.lock_conversations(Conversation.direct_key.in_(_keys(actor.id, of)))
    # Of the actor's own blocks one is set at a time.
    db.session.scalars(statements.sending.LOCKED_PEOPLE, {"ids": [actor.id]}).one()
    user = db.session.get(User, of)
    if user is None:
        raise NotFound
    if has_blocked(actor, of) == blocked:
        return user
    now = clock.now()
    if blocked:
        db.session.add(Block(blocker_id=actor.id, blocked_id=of, created_at=now))
        db.session.flush()
        giving_back.give_back(conversations, "blocked", now)
    else:
        db.session.execute(delete(Block).where(Block.blocker_id == actor.id, Block.blocked_id == of))
    _tell(actor, user, conversations)
    return user


def _keys(one_id: int, other_id: int) -> list[str]:
    return [
        keys.direct_key(one_id, other_id),
        keys.priority_key(one_id, other_id),
        keys.priority_key(other_id, one_id),
    ]


def _tell(actor: User, other: User, conversations: Sequence[Conversation]) -> None:
    """Both learn that something has changed, and ask what it is for them."""
    for conversation in conversations:
        record(events.ConversationUpdated(views.broadcast(conversation)))
    presence.show_to_each_other(
        actor, other, [of.id for of in conversations], apart=stands_between(actor.id, other.id)
    )


def listed(actor: User, cursor: str | None = None, limit: int = 50) -> Page[User]:
    """Whom the actor has blocked, the latest first. Raises Invalid."""
    order = Block.created_at, Block.blocked_id
    statement = (
        select(User, Block.created_at)
        .join(Block, Block.blocked_id == User.id)
        .where(Block.blocker_id == actor.id)
        .order_by(*(column.desc() for column in order))
        .limit(limit + 1)
    )
    if cursor:
        statement = statement.where(
            tuple_(*order) < tuple_(*cursors.decode(cursor, cursors.moment, cursors.number))
        )
    rows = db.session.execute(statement).all()
    page = rows[:limit]
    following = cursors.encode(page[-1][1].isoformat(), page[-1][0].id) if len(rows) > limit else None
    return Page([user for user, _ in page], following)
