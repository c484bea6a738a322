from __future__ import annotations

from sqlalchemy import Index, String, Text, text, true
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import Moment, RowId, folded


class User(db.Model):
    """A person with an account."""

    __tablename__ = "users"
    __table_args__ = (
        Index(
            "ix_users_photo_key",
            "photo_key",
            sqlite_where=text("photo_key IS NOT NULL"),
            postgresql_where=text("photo_key IS NOT NULL"),
        ),
        Index(
            "ix_users_hides_receipts",
            "id",
            sqlite_where=text("NOT show_receipts"),
            postgresql_where=text("NOT show_receipts"),
        ),
    )

    id: Mapped[RowId]
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(Text, unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    first_name: Mapped[str] = mapped_column(String(80))
    last_name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(Text, index=True)
    headline: Mapped[str | None] = mapped_column(String(120))
    # The stored file of their photo.
    photo_key: Mapped[str | None] = mapped_column(String(32))
    is_admin: Mapped[bool] = mapped_column(default=False)
    link_previews: Mapped[bool] = mapped_column(default=True, server_default=true())
    show_presence: Mapped[bool] = mapped_column(default=True, server_default=true())
    show_receipts: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Who may begin to write to them: everyone, known or nobody (see services/reach.py).
    direct_from: Mapped[str] = mapped_column(String(8), default="everyone", server_default="everyone")
    # Since when, and when last, one of their sockets was here; kept up while it is (see services/presence.py).
    connected_at: Mapped[Moment | None]
    last_seen_at: Mapped[Moment | None]
    # Kept out by an admin; gone for good.
    suspended_at: Mapped[Moment | None]
    closed_at: Mapped[Moment | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_out(self) -> bool:
        """Whether nothing lets them in: suspended, or closed for good."""
        return self.suspended_at is not None or self.closed_at is not None

    def rename(self, first_name: str, last_name: str) -> None:
        """Set the name and the key by which it is searched and sorted."""
        self.first_name, self.last_name = first_name, last_name
        self.name_key = folded(self.name)


def email_key(email: str) -> str:
    """What makes two spellings of an address the same account."""
    return email.strip().casefold()
