"""Who wants nothing of whom."""

from __future__ import annotations

from sqlalchemy import and_, or_, select

from lumina.extensions import db
from lumina.models import Block


def stands_between(one_id: int, other_id: int) -> bool:
    """Whether one of the two has blocked the other."""
    found = select(Block.created_at).where(
        or_(
            and_(Block.blocker_id == one_id, Block.blocked_id == other_id),
            and_(Block.blocker_id == other_id, Block.blocked_id == one_id),
        )
    )
    return db.session.scalar(found.limit(1)) is not None
