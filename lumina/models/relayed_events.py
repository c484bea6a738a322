from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from lumina.extensions import db
from lumina.models.types import RowId


class RelayedEvent(db.Model):
    """Something that a command would have done to the sockets, had it any: it waits here for the server to do it."""

    __tablename__ = "relayed_events"

    id: Mapped[RowId]
    act: Mapped[str] = mapped_column(String(16))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
