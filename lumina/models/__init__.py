"""The ground floor: rows, their relations, their queries."""

from lumina.models.attachments import Attachment, StoredFile
from lumina.models.audit import AuditEntry
from lumina.models.blocks import Block
from lumina.models.clocks import ClockOffset
from lumina.models.conversations import Conversation
from lumina.models.escrows import Escrow
from lumina.models.experts import Expert, QuestionDraft
from lumina.models.idempotency import IdempotencyKey
from lumina.models.ledger import LedgerAccount, LedgerCheck, LedgerEntry, LedgerTransaction
from lumina.models.link_fetches import LinkFetch
from lumina.models.memberships import Membership
from lumina.models.messages import HiddenMessage, Message, MessageEdit, Reaction
from lumina.models.passwords import PasswordReset
from lumina.models.payments import Payout, ProviderEvent, Topup
from lumina.models.push import Digest, NotificationPreferences, Push, PushSubscription
from lumina.models.relayed_events import RelayedEvent
from lumina.models.reports import Report
from lumina.models.sessions import Session
from lumina.models.users import User

__all__ = [
    "Attachment",
    "AuditEntry",
    "Block",
    "ClockOffset",
    "Conversation",
    "Digest",
    "Escrow",
    "Expert",
    "HiddenMessage",
    "IdempotencyKey",
    "LedgerAccount",
    "LedgerCheck",
    "LedgerEntry",
    "LedgerTransaction",
    "LinkFetch",
    "Membership",
    "Message",
    "MessageEdit",
    "NotificationPreferences",
    "PasswordReset",
    "Payout",
    "ProviderEvent",
    "Push",
    "PushSubscription",
    "QuestionDraft",
    "Reaction",
    "RelayedEvent",
    "Report",
    "Session",
    "StoredFile",
    "Topup",
    "User",
]
