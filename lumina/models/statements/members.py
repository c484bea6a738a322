"""Members with their names and how far they are, the longest first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, select, tuple_, union_all

from lumina.models.statements.tables import LARGE, MOST, conversations, memberships, users
from lumina.models.types import BigId, UtcDateTime

PARTICIPANTS: Select[Any] = (
    select(
        memberships.c.conversation_id,
        users.c.id,
        users.c.first_name,
        users.c.last_name,
        users.c.photo_key,
        memberships.c.role,
        memberships.c.joined_at,
        memberships.c.read_position,
        memberships.c.read_at,
        users.c.connected_at,
        users.c.last_seen_at,
        users.c.show_presence,
        users.c.show_receipts,
        users.c.closed_at,
    )
    .join(users, users.c.id == memberships.c.user_id)
    .order_by(memberships.c.joined_at, memberships.c.user_id)
)
# By the conversations: of memberships PostgreSQL would expect to read all those of a large group among them.
_in_circles = (
    PARTICIPANTS.order_by(None)
    .join(conversations, conversations.c.id == memberships.c.conversation_id)
    .where(conversations.c.id.in_(bindparam("ids", expanding=True)))
)
_is_large, _is_admin = conversations.c.member_count > LARGE, memberships.c.role == "admin"
# Each part by an index of its own: a large group is not gone through for the few that are shown.
_shown_participants = union_all(
    _in_circles.where(~_is_large),
    _in_circles.where(_is_large, _is_admin),
    _in_circles.where(_is_large, ~_is_admin, memberships.c.user_id == bindparam("viewer")),
).subquery()
SHOWN_PARTICIPANTS = select(_shown_participants).order_by(
    _shown_participants.c.joined_at, _shown_participants.c.id
)
MEMBERS = PARTICIPANTS.where(memberships.c.conversation_id == bindparam("of")).limit(MOST)
MEMBERS_AFTER = MEMBERS.where(
    tuple_(memberships.c.joined_at, memberships.c.user_id)
    > tuple_(bindparam("joined_at", type_=UtcDateTime()), bindparam("id", type_=BigId))
)
