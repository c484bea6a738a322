from __future__ import annotations

from flask_login import UserMixin
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lumina.extensions import db
from lumina.models.types import BigId, Moment, RowId
from lumina.models.users import User


class Session(UserMixin, db.Model):
    """One signed-in device or program: a page's cookie names it, an API token belongs to it. Ended, it lets nobody in."""

    __tablename__ = "sessions"

    id: Mapped[RowId]
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    refresh_generation: Mapped[int] = mapped_column(default=1)
    rotated_at: Mapped[Moment | None]
    user_agent: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]
    expires_at: Mapped[Moment] = mapped_column(index=True)
    ended_at: Mapped[Moment | None] = mapped_column(index=True)

    user: Mapped[User] = relationship(lazy="raise")
