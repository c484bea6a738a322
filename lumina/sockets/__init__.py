"""The door of live programs and pages: client events, each acknowledged."""

from __future__ import annotations

from lumina.extensions import socketio
from lumina.sockets import connecting, conversations, messages, typing

__all__ = ["conversations", "init_app", "messages", "typing"]


def init_app() -> None:
    """Put the handlers, which their modules declare, behind a guard."""
    connecting.ignore_reserved(socketio.server)
