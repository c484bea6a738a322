"""Receipts: the members of conversations that are small enough to tell of each; beyond, how far all others have read."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, case, func, select, text

from lumina.models.statements.members import PARTICIPANTS
from lumina.models.statements.tables import LARGE, MOST, conversations, memberships, users
from lumina.models.types import BigId, UtcDateTime

# First which are small: of what is asked for by one id PostgreSQL would read a large group's members before it sees that.
_small = (
    select(conversations.c.id)
    .where(conversations.c.id.in_(bindparam("ids", expanding=True)), conversations.c.member_count <= LARGE)
    .cte("small")
    .prefix_with("MATERIALIZED")
)
SMALL_CIRCLES = PARTICIPANTS.join(_small, _small.c.id == memberships.c.conversation_id)
_furthest_behind = (
    select(memberships.c.read_position)
    .where(memberships.c.conversation_id == conversations.c.id, memberships.c.user_id != bindparam("viewer"))
    .order_by(memberships.c.read_position)
    .limit(1)
    .correlate(conversations)
    .scalar_subquery()
)
READ_BY_ALL = select(
    conversations.c.id.label("conversation_id"), func.coalesce(_furthest_behind, 0).label("position")
).where(conversations.c.id.in_(bindparam("ids", expanding=True)))
# Few people; in the words of the partial index, which SQLite knows by them alone.
_silent = select(users.c.id).where(text("NOT users.show_receipts"))
HIDDEN_READERS = (
    select(memberships.c.conversation_id)
    .where(
        memberships.c.conversation_id.in_(bindparam("ids", expanding=True)),
        memberships.c.user_id.in_(_silent),
        memberships.c.user_id != bindparam("viewer"),
    )
    .distinct()
)
_counted = (
    memberships.c.conversation_id == bindparam("of"),
    memberships.c.user_id != bindparam("viewer"),
    memberships.c.joined_at <= bindparam("at", type_=UtcDateTime()),
)
# By the few who do not tell, so that nobody else's row is needed.
_has_read = and_(
    memberships.c.read_position >= bindparam("position", type_=BigId),
    memberships.c.user_id.not_in(_silent),
)
RECEIPT_COUNTS = select(func.count(), func.sum(case((_has_read, 1), else_=0))).where(*_counted)
_order_of_receipts = case((_has_read, 0), else_=1), memberships.c.read_at, memberships.c.user_id
_first_receipts = (
    select(memberships.c.user_id).where(*_counted).order_by(*_order_of_receipts).limit(MOST).subquery()
)
RECEIPTS = (
    PARTICIPANTS.join(_first_receipts, _first_receipts.c.user_id == memberships.c.user_id)
    .where(memberships.c.conversation_id == bindparam("of"))
    .order_by(None)
    .order_by(*_order_of_receipts)
)
