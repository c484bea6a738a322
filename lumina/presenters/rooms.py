"""The names of Socket.IO rooms. Sockets that asked for html are in rooms of their own, and in no plain one."""

from __future__ import annotations


def conversation(conversation_id: int, *, html: bool) -> str:
    return f"conversation:{conversation_id}:html" if html else f"conversation:{conversation_id}"


def both(conversation_id: int) -> list[str]:
    """Every socket of every member."""
    return [conversation(conversation_id, html=False), conversation(conversation_id, html=True)]


def looking(conversation_id: int) -> str:
    """The sockets whose person has this conversation before their eyes."""
    return f"looking:{conversation_id}"


def user(user_id: int) -> str:
    """Every socket of one person."""
    return f"user:{user_id}"


def user_html(user_id: int) -> str:
    """Those of them that asked for html."""
    return f"user:{user_id}:html"


def session(session_id: int) -> str:
    """The sockets that one session let in."""
    return f"session:{session_id}"
