"""The names of Socket.IO rooms. Sockets that asked for html are in rooms of their own, and in no plain one."""

from __future__ import annotations


def conversation(conversation_id: int, *, html: bool) -> str:
    return f"conversation:{conversation_id}:html" if html else f"conversation:{conversation_id}"


def both(conversation_id: int) -> list[str]:
    """Every socket of every member."""
    return [conversation(conversation_id, html=False), conversation(conversation_id, html=True)]


def all_of(conversation_id: int) -> list[str]:
    """Whatever rooms a member's socket can be in."""
    of = conversation_id
    return [*both(of), looking(of), quiet(of), mentions(of)]


def looking(conversation_id: int) -> str:
    """The sockets whose person has this conversation before their eyes."""
    return f"looking:{conversation_id}"


def looked_at(room: str | None) -> int | None:
    """The conversation whose `looking` room this is."""
    kind, _, conversation_id = (room or "").partition(":")
    return int(conversation_id) if kind == "looking" else None


def quiet(conversation_id: int) -> str:
    """The sockets whose person is not notified of its messages: muted, or not at all, or by mentions only."""
    return f"quiet:{conversation_id}"


def mentions(conversation_id: int) -> str:
    """Those of them that a mention does notify."""
    return f"mentions:{conversation_id}"


# The sockets of those who do not show when they are here, and of those who show no receipts: they see none either.
HIDES_PRESENCE, HIDES_RECEIPTS = "hides-presence", "hides-receipts"


def user(user_id: int) -> str:
    """Every socket of one person."""
    return f"user:{user_id}"


def user_html(user_id: int) -> str:
    """Those of them that asked for html."""
    return f"user:{user_id}:html"


def session(session_id: int) -> str:
    """The sockets that one session let in."""
    return f"session:{session_id}"
