from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import BigId, Moment, RowId


class Conversation(db.Model):
    """A direct or priority conversation, or a group. `version` counts the changes of its messages, without gaps;
    `last_position` is that of the newest that somebody wrote."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index(
            "ix_conversations_photo_key",
            "photo_key",
            sqlite_where=text("photo_key IS NOT NULL"),
            postgresql_where=text("photo_key IS NOT NULL"),
        ),
        Index(
            "ix_conversations_notices_due_at",
            "notices_due_at",
            sqlite_where=text("notices_due_at IS NOT NULL"),
            postgresql_where=text("notices_due_at IS NOT NULL"),
        ),
    )

    id: Mapped[RowId]
    type: Mapped[str] = mapped_column(String(16))
    name: Mapped[str | None] = mapped_column(String(120))
    name_key: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    photo_key: Mapped[str | None] = mapped_column(String(32))
    # What makes a conversation of two the only one of its kind: "3:7", and "p7:3" where 7 pays 3 (see pair_of).
    direct_key: Mapped[str | None] = mapped_column(String(48), unique=True)
    # The latest purchase of a priority conversation. Without a foreign key, since escrows point here too.
    escrow_id: Mapped[int | None] = mapped_column(BigId)
    created_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(BigId, default=0)
    last_position: Mapped[int] = mapped_column(BigId, default=0, server_default="0")
    member_count: Mapped[int]
    # Without a foreign key, since messages point here too; written under the row lock only.
    last_message_id: Mapped[int | None] = mapped_column(BigId)
    last_message_at: Mapped[Moment | None]
    active_at: Mapped[Moment]
    # Up to where people have been notified, and when that is to be done again.
    notified_position: Mapped[int] = mapped_column(BigId, default=0, server_default="0")
    notices_due_at: Mapped[Moment | None]
    auto_delete_after: Mapped[int | None]
    allow_file_sharing: Mapped[bool] = mapped_column(default=True)
    allow_voice_messages: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


def direct_key(one: int, other: int) -> str:
    """The one key of the one direct conversation of two people."""
    return f"{min(one, other)}:{max(one, other)}"


def priority_key(client_id: int, expert_id: int) -> str:
    """The one key of the one priority conversation in which this client asks this expert."""
    return f"p{client_id}:{expert_id}"


def is_priority_key(key: str | None) -> bool:
    """Whether this is the key of a priority conversation."""
    return key is not None and key.startswith("p")


def pair_of(key: str) -> tuple[int, int]:
    """The two people of a key; of a priority conversation the client first."""
    one, other = key.removeprefix("p").split(":")
    return int(one), int(other)


def other_in(key: str | None, user_id: int) -> int | None:
    """The other person of a key; None in a group."""
    if key is None:
        return None
    one, other = pair_of(key)
    return other if user_id == one else one
