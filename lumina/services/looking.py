"""Who has a conversation before their eyes. No row stands behind it."""

from __future__ import annotations

from lumina.services import events


def begin(user_id: int, conversation_id: int) -> None:
    """One of this person's sockets shows it from now on."""
    events.publish(events.LookingChanged(conversation_id, user_id, True))


def end(user_id: int, conversation_id: int) -> None:
    """It does no longer."""
    events.publish(events.LookingChanged(conversation_id, user_id, False))
