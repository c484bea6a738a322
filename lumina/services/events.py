"""Everything that can happen, as a closed set. Operations record these; outlets act on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lumina.models import Escrow, User
from lumina.services.views import ConversationView, MessageView, Wallet


@dataclass(frozen=True)
class MessageSent:
    message: MessageView


@dataclass(frozen=True)
class MessageUpdated:
    """Edited, restored, pinned, given a link preview."""

    message: MessageView


@dataclass(frozen=True)
class MessageReacted:
    message: MessageView


@dataclass(frozen=True)
class MessageDeleted:
    """For everyone, or expired."""

    message: MessageView


@dataclass(frozen=True)
class MessageHidden:
    """Deleted by one person for themselves."""

    message: MessageView
    user_id: int


@dataclass(frozen=True)
class SettingsChanged:
    """The settings that all members share."""

    conversation: ConversationView


@dataclass(frozen=True)
class OwnSettingsChanged:
    """One member's own: notifications, mute."""

    conversation: ConversationView
    viewer: User


@dataclass(frozen=True)
class ConversationCreated:
    conversation: ConversationView
    member_ids: tuple[int, ...]


@dataclass(frozen=True)
class ConversationUpdated:
    conversation: ConversationView


@dataclass(frozen=True)
class MembersAdded:
    conversation: ConversationView
    user_ids: tuple[int, ...]


@dataclass(frozen=True)
class MemberRemoved:
    conversation: ConversationView
    user_id: int


@dataclass(frozen=True)
class ConversationRead:
    """`author_ids` are those whose messages were read, where the conversation is too large to tell everybody; with
    `is_private` nobody is told but the reader's own devices."""

    conversation_id: int
    user_id: int
    message_id: int
    at: datetime
    author_ids: tuple[int, ...] | None
    is_private: bool = False


@dataclass(frozen=True)
class MessagesDelivered:
    """Up to `message_id`, to this person: their authors may know."""

    conversation_id: int
    user_id: int
    message_id: int
    at: datetime
    author_ids: tuple[int, ...]


@dataclass(frozen=True)
class PresenceChanged:
    """Told to the others of the direct conversations, and to whoever looks at one of the groups."""

    user_id: int
    online: bool
    last_seen_at: datetime | None
    direct_ids: tuple[int, ...]
    group_ids: tuple[int, ...]


@dataclass(frozen=True)
class PrivacyChanged:
    """What somebody shows of themselves, and so what they see of others."""

    user_id: int
    show_presence: bool
    show_receipts: bool


@dataclass(frozen=True)
class TypingStarted:
    conversation_id: int
    user_id: int
    user_name: str


@dataclass(frozen=True)
class LookingChanged:
    conversation_id: int
    user_id: int
    is_looking: bool


@dataclass(frozen=True)
class TypingStopped:
    conversation_id: int
    user_id: int
    user_name: str


@dataclass(frozen=True)
class SessionsEnded:
    session_ids: tuple[int, ...]


@dataclass(frozen=True)
class EscrowUpdated:
    """Bought, or taken a step: told to both its parties."""

    escrow: Escrow


@dataclass(frozen=True)
class EscrowReminder:
    """An answer is owed, and half (or four fifths) of the time for it has passed."""

    escrow: Escrow
    email: str
    expert_name: str
    client_name: str


@dataclass(frozen=True)
class WalletUpdated:
    user_id: int
    wallet: Wallet


@dataclass(frozen=True)
class PasswordResetAsked:
    email: str
    name: str
    link: str


@dataclass(frozen=True)
class DigestDue:
    """Somebody has been away for hours, and this waits for them; `unsubscribe` is the token that ends such mails."""

    email: str
    reader: User
    waiting: tuple[ConversationView, ...]
    hide_content: bool
    unsubscribe: str


Event = (
    MessageSent
    | MessageUpdated
    | MessageReacted
    | MessageDeleted
    | MessageHidden
    | SettingsChanged
    | OwnSettingsChanged
    | ConversationCreated
    | ConversationUpdated
    | MembersAdded
    | MemberRemoved
    | ConversationRead
    | MessagesDelivered
    | PresenceChanged
    | PrivacyChanged
    | LookingChanged
    | TypingStarted
    | TypingStopped
    | SessionsEnded
    | EscrowUpdated
    | EscrowReminder
    | WalletUpdated
    | PasswordResetAsked
    | DigestDue
)


class Departure:
    """What an outlet prepared inside the transaction: sent after the commit, or cancelled with it."""

    def __init__(self, send: Callable[[], None], cancel: Callable[[], None] = lambda: None) -> None:
        self.send, self.cancel = send, cancel


Outlet = Callable[[Event], Departure | None]
_outlets: list[Outlet] = []


def subscribe(*outlets: Outlet) -> None:
    """Name the outlets, once, in create_app: they replace those of an app made before."""
    _outlets[:] = outlets


def prepare(event: Event) -> Iterator[Departure]:
    """Let every outlet take, inside the transaction, what it will send: one by one, so that none is lost where
    a later outlet fails."""
    for outlet in _outlets:
        if departure := outlet(event):
            yield departure


def publish(event: Event) -> None:
    """Send an event that no row stands behind (typing)."""
    for departure in prepare(event):
        departure.send()
