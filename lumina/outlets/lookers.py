"""Who has a conversation before their eyes at other processes, so that none of their sockets is notified at this one."""

from __future__ import annotations

from secrets import token_hex

# What this process is called among several.
PROCESS = token_hex(8)

# Process -> conversation -> people.
_elsewhere: dict[str, dict[int, set[int]]] = {}


def note(process: str, conversation_id: int, user_id: int, is_looking: bool) -> None:
    """Somebody has begun to look at it at a process, or has ended."""
    people = _elsewhere.setdefault(process, {}).setdefault(conversation_id, set())
    if is_looking:
        people.add(user_id)
        return
    people.discard(user_id)
    if not people:
        del _elsewhere[process][conversation_id]


def forget(process: str) -> None:
    """A process is gone."""
    _elsewhere.pop(process, None)


def of(conversation_id: int) -> set[int]:
    """The people who look at it at other processes."""
    return {user_id for looked_at in _elsewhere.values() for user_id in looked_at.get(conversation_id, ())}
