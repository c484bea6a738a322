"""The door of live programs and pages: client events, each acknowledged."""

from __future__ import annotations

from lumina.sockets import connecting, conversations, messages, typing

__all__ = ["connecting", "conversations", "messages", "typing"]
