"""The audit log: what admins and commands have done, kept for good."""

from __future__ import annotations

from typing import Any

from lumina import clock
from lumina.extensions import db
from lumina.models import AuditEntry, User


def note(actor: User | None, act: str, subject: str, **details: Any) -> None:
    """Within an operation: that an admin, or a command (None), has done this to `subject` ("user:7")."""
    db.session.add(
        AuditEntry(
            actor_id=actor.id if actor else None,
            act=act,
            subject=subject,
            details=details,
            created_at=clock.now(),
        )
    )
