"""The ground floor: rows, their relations, their queries."""

from lumina.models.clocks import ClockOffset
from lumina.models.conversations import Conversation
from lumina.models.idempotency import IdempotencyKey
from lumina.models.memberships import Membership
from lumina.models.messages import Message
from lumina.models.passwords import PasswordReset
from lumina.models.sessions import Session
from lumina.models.users import User

__all__ = [
    "ClockOffset",
    "Conversation",
    "IdempotencyKey",
    "Membership",
    "Message",
    "PasswordReset",
    "Session",
    "User",
]
