"""The shapes of the wire, as contract.md names them. The OpenAPI document is generated from these."""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict


class Person(TypedDict):
    id: str
    firstName: str
    lastName: str
    avatar: str | None


class User(Person):
    headline: str | None
    createdAt: str
    email: NotRequired[str]
    isAdmin: NotRequired[bool]
    linkPreviews: NotRequired[bool]
    showPresence: NotRequired[bool]
    showReceipts: NotRequired[bool]
    directFrom: NotRequired[Literal["everyone", "known", "nobody"]]
    suspendedAt: NotRequired[str]


class Preferences(TypedDict):
    sound: Literal["none", "soft", "bright"]
    hideContent: bool
    quietFrom: int | None
    quietUntil: int | None
    timeZone: str | None
    urgentInQuiet: bool
    digest: bool


class Participant(Person):
    online: NotRequired[bool]
    lastSeenAt: NotRequired[str | None]
    role: Literal["member", "admin"]


class Reaction(TypedDict):
    userId: str
    reaction: str
    createdAt: str


class Attachment(TypedDict):
    id: str
    url: str
    fileName: str
    fileSize: int
    mimeType: str
    width: NotRequired[int]
    height: NotRequired[int]
    durationMs: NotRequired[int]
    peaks: NotRequired[list[float]]
    thumbnailUrl: NotRequired[str]


class SharedAttachment(Attachment):
    messageId: str
    createdAt: str
    voice: bool


class ReplyPreview(TypedDict):
    id: str
    senderId: str
    senderName: str
    content: str
    messageType: str
    isDeleted: bool
    thumbnailUrl: NotRequired[str]


class System(TypedDict):
    kind: str
    params: dict[str, Any]


class Mention(TypedDict):
    userId: str
    name: str


class LinkPreview(TypedDict):
    url: str
    title: str
    description: str | None
    siteName: str | None


class Edit(TypedDict):
    content: str
    createdAt: str


class Escrow(TypedDict):
    id: str
    kind: Literal["conversation", "message"]
    conversationId: str
    messageId: str | None
    clientId: str
    expertId: str
    amountMinor: int
    feeMinor: int
    level: Literal["high", "urgent"] | None
    state: Literal["held", "answered", "disputed", "released", "refunded", "split"]
    answerBy: str
    answeredAt: str | None
    releaseAt: str | None
    settledAt: str | None
    createdAt: str
    openedAt: NotRequired[str]
    disputeReason: NotRequired[str]
    refundReason: NotRequired[str]
    expertMinor: NotRequired[int]
    reminders: NotRequired[int]


class MessagePrices(TypedDict):
    high: int
    urgent: int


class Offer(TypedDict):
    conversationPriceMinor: int
    durationDays: int
    answerHours: int
    messagePricesMinor: MessagePrices
    messageAnswerHours: MessagePrices
    maxUnanswered: int
    open: bool
    full: bool


class Record(TypedDict):
    answered: int
    refunded: int
    medianAnswerSeconds: int | None


class Expert(TypedDict):
    user: User
    headline: str | None
    bio: str | None
    offer: Offer
    record: Record


class Wallet(TypedDict):
    availableMinor: int
    heldMinor: int
    pendingMinor: int
    currency: str
    payoutsMinor: int
    debtMinor: int


class WalletLine(TypedDict):
    id: str
    kind: str
    amountMinor: int
    balanceMinor: int
    escrowId: str | None
    conversationId: str | None
    description: str
    createdAt: str


class Topup(TypedDict):
    id: str
    state: Literal["open", "paid", "cancelled", "expired", "returning", "returned", "kept"]
    amountMinor: int
    checkoutUrl: str | None
    createdAt: str


class Payout(TypedDict):
    id: str
    state: Literal["requested", "paid", "returned"]
    amountMinor: int
    createdAt: str
    settledAt: str | None


class LedgerLine(TypedDict):
    """What the ledger says of a purchase, the same to both its parties."""

    kind: str
    description: str
    createdAt: str


class Message(TypedDict):
    id: str
    conversationId: str
    senderId: str
    receiverId: str | None
    sender: Person
    content: str
    messageType: Literal["text", "image", "file", "voice", "video", "system"]
    isPriority: bool
    priorityLevel: Literal["normal", "high", "urgent"]
    attachments: list[Attachment]
    status: Literal["sent", "delivered", "read"]
    deliveredAt: str | None
    readAt: str | None
    replyTo: str | None
    replyPreview: ReplyPreview | None
    reactions: list[Reaction]
    expiresAt: str | None
    editedAt: str | None
    isDeleted: bool
    deletedBy: list[str]
    clientMessageId: str | None
    position: int
    version: int
    createdAt: str
    updatedAt: str
    system: NotRequired[System]
    mentions: NotRequired[list[Mention]]
    linkPreview: NotRequired[LinkPreview]
    forwarded: NotRequired[bool]
    pinnedAt: NotRequired[str]
    restorableUntil: NotRequired[str]
    expired: NotRequired[bool]
    escrow: NotRequired[Escrow]


class Notification(TypedDict):
    conversationId: str
    conversationName: str
    messageId: str
    senderName: str
    messagePreview: str
    messageType: str
    isPriority: bool
    priorityLevel: str


class Push(TypedDict):
    """What a browser decrypts: of a message, or that a conversation has been read."""

    type: Literal["message", "read"]
    tag: str
    conversationId: str
    unread: int
    messageId: NotRequired[str]
    title: NotRequired[str]
    body: NotRequired[str]
    count: NotRequired[int]
    url: NotRequired[str]


class Settings(TypedDict):
    notifications: NotRequired[bool]
    notificationLevel: NotRequired[Literal["all", "mentions", "none"]]
    autoDeleteAfter: int | None
    allowFileSharing: bool
    allowVoiceMessages: bool


class Mute(TypedDict):
    userId: str
    mutedUntil: str | None


class Conversation(TypedDict):
    id: str
    participants: list[Participant]
    participantCount: int
    type: Literal["direct", "group", "priority_dm"]
    isPriorityConversation: bool
    priorityPrice: NotRequired[float]
    priorityDuration: NotRequired[int]
    priorityExpiresAt: NotRequired[str]
    escrow: NotRequired[Escrow]
    owed: NotRequired[Escrow]
    lastMessage: NotRequired[Message | None]
    lastMessageAt: str | None
    name: str | None
    description: str | None
    avatar: str | None
    adminId: str | None
    settings: Settings
    mutedBy: NotRequired[list[Mute]]
    unreadCount: NotRequired[int]
    markedUnread: NotRequired[bool]
    lastReadMessageId: NotRequired[str | None]
    archived: NotRequired[bool]
    isActive: bool
    version: int
    createdAt: str
    updatedAt: str


class Session(TypedDict):
    id: str
    kind: Literal["web", "api"]
    userAgent: str
    address: str
    createdAt: str
    lastSeenAt: str
    current: bool


class SignedIn(TypedDict):
    user: User
    token: str
    refreshToken: str
    expiresAt: str


class Found(TypedDict):
    message: Message
    snippet: str
    highlights: list[list[int]]


class Original(Message):
    """A message as an admin sees it who decides about a purchase: with its text and files whatever became of it, and
    what it said before. `isEmptied`: it is gone, and nothing of it is kept any more."""

    edits: list[Edit]
    deletedAt: str | None
    expiredAt: str | None
    isEmptied: bool


class AskedPayout(TypedDict):
    id: str
    userId: str
    amountMinor: int
    state: Literal["requested", "paid", "returned"]
    createdAt: str
    settledAt: str | None
    user: NotRequired[Person]


class Report(TypedDict):
    """What somebody tells the admins: of a person, or of a message of theirs."""

    id: str
    kind: Literal["message", "person"]
    userId: str
    messageId: str | None
    reason: Literal["spam", "abuse", "fraud", "other"]
    note: str | None
    createdAt: str


class ReportedFile(TypedDict):
    """A file of a message in a report, under an address that admins may fetch."""

    id: str
    fileName: str
    fileSize: int
    mimeType: str
    url: str


class ReportedMessage(TypedDict):
    """A message as it stood when it was reported, or before the one that was."""

    messageId: str
    sender: Person
    content: str
    isDeleted: bool
    files: list[ReportedFile]
    createdAt: str


class ReceivedReport(Report):
    """A report as admins see it; one that was asked for by itself with its `excerpt`, empty once it is settled."""

    reporter: Person
    user: Person
    state: Literal["open", "dismissed", "upheld"]
    settledAt: str | None
    excerpt: NotRequired[list[ReportedMessage]]


class AuditEntry(TypedDict):
    """What an admin has done, or a command (`actor` is null); `concerned` are the person, or the parties of the purchase."""

    id: str
    actor: Person | None
    act: str
    subject: str
    concerned: list[Person]
    details: dict[str, Any]
    createdAt: str
