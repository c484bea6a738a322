"""What stands around every page of a person: what waits for them, and how their browser is to sound."""

from __future__ import annotations

from typing import NamedTuple

from lumina.models import User, statements
from lumina.services import preferences


class Around(NamedTuple):
    """`unread` counts conversations; `owed` the purchases that wait for an expert, None for anybody else."""

    unread: int
    owed: int | None
    sound: str
    hide_content: bool
    time_zone: str | None


def find(actor: User) -> Around:
    """All of it in one statement."""
    row = statements.run(statements.conversations.AROUND, {"viewer": actor.id}).one()
    return Around(row.unread, row.owed, row.sound or preferences.SOUND, bool(row.hide_content), row.time_zone)
