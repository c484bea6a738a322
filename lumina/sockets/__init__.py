"""The door of live programs and pages: client events, each acknowledged."""

from __future__ import annotations

from lumina.extensions import socketio
from lumina.sockets import connecting, conversations, messages, packets, typing

__all__ = ["connecting", "conversations", "init_app", "messages", "typing"]


def init_app() -> None:
    """Let the handlers, which their modules declare, hear what is an event and nothing else."""
    packets.hear(socketio.server)
