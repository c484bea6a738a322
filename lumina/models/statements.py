"""The statements of reading and sending, built once: putting one together costs several times as much as running it.

But for the first few they select plain rows with the names of the columns, which cost a fraction of mapped objects.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    CursorResult,
    Executable,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    text,
    true,
    tuple_,
    union_all,
    update,
)

from lumina.extensions import db
from lumina.models.attachments import Attachment, StoredFile
from lumina.models.blocks import Block
from lumina.models.conversations import Conversation
from lumina.models.escrows import Escrow
from lumina.models.experts import Expert
from lumina.models.memberships import Membership
from lumina.models.messages import HiddenMessage, Message, Reaction
from lumina.models.push import NotificationPreferences
from lumina.models.sessions import Session
from lumina.models.types import BigId, UtcDateTime
from lumina.models.users import User

# Above this many members a conversation shows its admins and the viewer only.
LARGE = 100
UNREAD_STOP = 1000

conversations, memberships = Conversation.__table__, Membership.__table__
messages, users = Message.__table__, User.__table__
attachments, files = Attachment.__table__, StoredFile.__table__
hidden, reactions = HiddenMessage.__table__, Reaction.__table__
blocks, sessions = Block.__table__, Session.__table__
escrows, experts = Escrow.__table__, Expert.__table__
preferences = NotificationPreferences.__table__
MOST = bindparam("most", type_=Integer)


def run(statement: Executable, values: dict[str, Any]) -> CursorResult[Any]:
    """Run a statement of plain rows in the transaction of the session, without the session's own layers: they cost half as
    much again as the statement, and are for mapped objects."""
    return db.session.connection().execute(statement, values)


# Mapped rows, read anew whatever the session knows of them, for operations that change them.

_anew = {"populate_existing": True}
_let_in = and_(User.suspended_at.is_(None), User.closed_at.is_(None))
ACTOR = select(User).where(User.id == bindparam("id"), _let_in).execution_options(**_anew)
# Their rows until the operation ends; messages and the like, which only point at them, do not wait for that.
LOCKED_PEOPLE = (
    select(User)
    .where(User.id.in_(bindparam("ids", expanding=True)))
    .order_by(User.id)
    .with_for_update(key_share=True)
    .execution_options(**_anew)
)
LOCKED_CONVERSATION = (
    select(Conversation)
    .where(Conversation.id == bindparam("of"))
    .with_for_update()
    .execution_options(**_anew)
)
MEMBERSHIP = (
    select(Membership)
    .where(Membership.conversation_id == bindparam("of"), Membership.user_id == bindparam("user"))
    .execution_options(**_anew)
)
MESSAGE = select(Message).where(Message.id == bindparam("id")).execution_options(**_anew)
# Plain rows: the session's columns, and then those of its person.
LIVING_SESSION = (
    select(*sessions.c, *(column.label(f"user_{column.name}") for column in users.c))
    .join(users, users.c.id == sessions.c.user_id)
    .where(
        sessions.c.id == bindparam("id"),
        sessions.c.ended_at.is_(None),
        sessions.c.expires_at > bindparam("now", type_=UtcDateTime()),
        users.c.suspended_at.is_(None),
        users.c.closed_at.is_(None),
    )
)

# Sending: the conversation's lock, then what the sender may do and has done, then the rows.

LOCKED = (
    select(
        *(
            conversations.c[name]
            for name in (
                "id",
                "version",
                "last_position",
                "name",
                "direct_key",
                "escrow_id",
                "auto_delete_after",
                "allow_file_sharing",
                "allow_voice_messages",
            )
        )
    )
    .where(conversations.c.id == bindparam("of"))
    .with_for_update()
)
_earlier, _other = messages.alias(), users.alias()
OTHER = bindparam("other", type_=BigId)
SENDER = (
    select(
        users.c.id,
        users.c.first_name,
        users.c.last_name,
        users.c.photo_key,
        memberships.c.read_position,
        or_(users.c.suspended_at.is_not(None), users.c.closed_at.is_not(None)).label("is_out"),
        # Of the other person where there are just two; nobody has the id 0.
        exists()
        .where(
            or_(
                and_(blocks.c.blocker_id == users.c.id, blocks.c.blocked_id == OTHER),
                and_(blocks.c.blocker_id == OTHER, blocks.c.blocked_id == users.c.id),
            )
        )
        .correlate(users)
        .label("is_blocked"),
        exists().where(_other.c.id == OTHER, _other.c.closed_at.is_not(None)).label("is_left_alone"),
        _earlier.c.id.label("earlier_id"),
    )
    .join(memberships, memberships.c.user_id == users.c.id)
    .outerjoin(
        _earlier,
        (_earlier.c.sender_id == users.c.id) & (_earlier.c.client_message_id == bindparam("client_id")),
    )
    .where(memberships.c.conversation_id == bindparam("of"), users.c.id == bindparam("user"))
)
INSERT_MESSAGE = insert(messages).returning(messages.c.id)
APPEND = (
    update(conversations)
    .where(conversations.c.id == bindparam("of"))
    .values(
        version=bindparam("version_"),
        last_position=bindparam("version_"),
        last_message_id=bindparam("message_id"),
        last_message_at=bindparam("at"),
        active_at=bindparam("at"),
        notices_due_at=func.coalesce(
            conversations.c.notices_due_at, bindparam("notices_at", type_=UtcDateTime())
        ),
    )
)
READ_OWN = (
    update(memberships)
    .where(memberships.c.conversation_id == bindparam("of"), memberships.c.user_id == bindparam("user"))
    .values(
        read_position=bindparam("version_"),
        read_message_id=bindparam("message_id"),
        read_at=bindparam("at"),
        marked_unread=False,
    )
)

# Messages with their senders and what they reply to: LATEST, BEFORE and AFTER of one conversation, what changed SINCE
# a version. What the viewer has hidden is left out; what has expired, except SINCE a version.

_replied, _replied_sender = messages.alias("replied"), users.alias("replied_sender")
EXCERPT = 200
_reply = [
    _replied.c.sender_id.label("reply_sender_id"),
    func.substr(_replied.c.content, 1, EXCERPT).label("reply_content"),
    _replied.c.type.label("reply_type"),
    _replied.c.version.label("reply_version"),
    func.coalesce(_replied.c.deleted_at, _replied.c.expired_at).label("reply_gone_at"),
    _replied_sender.c.first_name.label("reply_first_name"),
    _replied_sender.c.last_name.label("reply_last_name"),
    case(
        (
            _replied.c.attachment_count > 0,
            select(func.min(attachments.c.id))
            .where(attachments.c.message_id == _replied.c.id, attachments.c.has_thumb)
            .correlate(_replied)
            .scalar_subquery(),
        )
    ).label("reply_thumb_id"),
]
_messages: Select[Any] = (
    select(
        *messages.c,
        users.c.first_name,
        users.c.last_name,
        users.c.photo_key,
        conversations.c.direct_key,
        *_reply,
    )
    .join(users, users.c.id == messages.c.sender_id)
    .join(conversations, conversations.c.id == messages.c.conversation_id)
    .outerjoin(_replied, _replied.c.id == messages.c.reply_to_id)
    .outerjoin(_replied_sender, _replied_sender.c.id == _replied.c.sender_id)
)
_shown = ~exists().where(hidden.c.user_id == bindparam("viewer"), hidden.c.message_id == messages.c.id)
_stretch = _messages.where(messages.c.conversation_id == bindparam("of"), _shown).limit(MOST)
_history = _stretch.where(messages.c.expired_at.is_(None))
LATEST = _history.order_by(messages.c.position.desc())
BEFORE = LATEST.where(messages.c.position < bindparam("position"))
AFTER = _history.where(messages.c.position > bindparam("position")).order_by(messages.c.position)
SINCE = _stretch.where(messages.c.version > bindparam("version")).order_by(messages.c.version)
# All there is, for an admin: what was deleted, has expired, or somebody has hidden too.
_all = _messages.where(messages.c.conversation_id == bindparam("of")).limit(MOST)
EVIDENCE_LATEST = _all.order_by(messages.c.position.desc())
EVIDENCE_BEFORE = EVIDENCE_LATEST.where(messages.c.position < bindparam("position"))
EVIDENCE_AFTER = _all.where(messages.c.position > bindparam("position")).order_by(messages.c.position)
MESSAGES = _messages.where(messages.c.id.in_(bindparam("ids", expanding=True)))
SHOWN_MESSAGES = MESSAGES.where(_shown)
LAST_SHOWN = select(
    select(messages.c.id)
    .where(messages.c.conversation_id == conversations.c.id, messages.c.expired_at.is_(None), _shown)
    .order_by(messages.c.position.desc())
    .limit(1)
    .correlate(conversations)
    .scalar_subquery()
).where(conversations.c.id.in_(bindparam("ids", expanding=True)))
VISIBLE_MESSAGE = _messages.where(
    messages.c.id == bindparam("id"),
    messages.c.expired_at.is_(None),
    _shown,
    exists().where(
        memberships.c.conversation_id == messages.c.conversation_id,
        memberships.c.user_id == bindparam("viewer"),
    ),
)
PINNED = (
    _messages.where(messages.c.conversation_id == bindparam("of"), messages.c.pinned_at.is_not(None), _shown)
    .order_by(messages.c.pinned_at.desc(), messages.c.id.desc())
    .limit(MOST)
)
REACTIONS = (
    select(reactions)
    .where(reactions.c.message_id.in_(bindparam("ids", expanding=True)))
    .order_by(reactions.c.created_at, reactions.c.user_id, reactions.c.reaction)
)
_attached = [
    attachments.c[name]
    for name in (
        "message_id",
        "id",
        "file_id",
        "kind",
        "file_name",
        "file_size",
        "mime_type",
        "width",
        "height",
        "duration_ms",
        "peaks",
        "has_thumb",
    )
]
ATTACHMENTS = (
    select(*_attached)
    .where(attachments.c.message_id.in_(bindparam("ids", expanding=True)))
    .order_by(attachments.c.message_id, attachments.c.place)
)
# A file, if the viewer may see the message that it was sent with, or has not sent it yet.
VISIBLE_ATTACHMENT = (
    select(*_attached, files.c.key, files.c.sha256)
    .join(files, files.c.id == attachments.c.file_id)
    .outerjoin(messages, messages.c.id == attachments.c.message_id)
    .where(
        attachments.c.id == bindparam("id"),
        or_(
            and_(attachments.c.message_id.is_(None), attachments.c.uploader_id == bindparam("viewer")),
            and_(
                messages.c.deleted_at.is_(None),
                messages.c.expired_at.is_(None),
                _shown,
                exists().where(
                    memberships.c.conversation_id == messages.c.conversation_id,
                    memberships.c.user_id == bindparam("viewer"),
                ),
            ),
        ),
    )
)
EVIDENCE_ATTACHMENT = (
    select(*_attached, files.c.key, files.c.sha256)
    .join(files, files.c.id == attachments.c.file_id)
    .where(attachments.c.id == bindparam("id"), attachments.c.conversation_id == bindparam("of"))
)


@cache
def shared_files(kinds: int) -> Any:
    """The files of a conversation of `kind0`, `kind1`…, the newest first: a stretch of each, and of these the newest."""
    found = union_all(*(_files_of(f"kind{number}") for number in range(kinds))).subquery()
    return select(found).order_by(found.c.id.desc()).limit(MOST)


def _files_of(kind: str) -> Any:
    newest = (
        select(*_attached, messages.c.created_at, messages.c.type.label("message_type"))
        .join(messages, messages.c.id == attachments.c.message_id)
        .where(
            attachments.c.conversation_id == bindparam("of"),
            attachments.c.kind == bindparam(kind),
            attachments.c.id < bindparam("before", type_=BigId),
            messages.c.deleted_at.is_(None),
            messages.c.expired_at.is_(None),
            _shown,
        )
        .order_by(attachments.c.id.desc())
        .limit(MOST)
        .subquery()
    )
    return select(newest)


HIDDEN_IDS = (
    select(hidden.c.message_id)
    .where(hidden.c.user_id == bindparam("viewer"), hidden.c.conversation_id == bindparam("of"))
    .order_by(hidden.c.message_id)
)

# By which a socket learns of what.

LEVELS = select(
    memberships.c.conversation_id,
    memberships.c.notification_level,
    memberships.c.muted,
    memberships.c.muted_until,
).where(memberships.c.user_id == bindparam("user"))

# Conversations as one member sees them, with that member's own fields beside as my_…


def counts_as_unread(user_id: Any) -> Any:
    """Of others' messages, what a person has to read: no system line, nothing deleted, expired or hidden."""
    return and_(
        messages.c.type != "system",
        messages.c.deleted_at.is_(None),
        messages.c.expired_at.is_(None),
        ~exists()
        .where(hidden.c.user_id == user_id, hidden.c.message_id == messages.c.id)
        .correlate_except(hidden),
    )


_unread = (
    select(messages.c.id)
    .where(
        messages.c.conversation_id == memberships.c.conversation_id,
        messages.c.position > memberships.c.read_position,
        messages.c.sender_id != memberships.c.user_id,
        counts_as_unread(memberships.c.user_id),
    )
    .correlate(memberships)
)
FIRST_UNREAD = (
    select(messages.c.id)
    .where(
        messages.c.conversation_id == bindparam("of"),
        messages.c.position > bindparam("after"),
        messages.c.sender_id != bindparam("viewer"),
        counts_as_unread(bindparam("viewer")),
    )
    .order_by(messages.c.position)
    .limit(1)
)
# Counted no further than 1,000, so that a neglected conversation costs no more than a busy one.
_counted_unread = (
    select(func.count())
    .select_from(_unread.limit(UNREAD_STOP).subquery())
    .correlate(memberships)
    .scalar_subquery()
)
# Most have read all: then the conversation's own row says so.
_has_later = conversations.c.last_position > memberships.c.read_position
_unread_count = case((_has_later, _counted_unread), else_=0)
_mine = [
    memberships.c[name].label(f"my_{name}")
    for name in (
        "role",
        "read_position",
        "read_message_id",
        "archived",
        "marked_unread",
        "notification_level",
        "muted",
        "muted_until",
    )
]
_others = memberships.alias()


def _is_apart(who: Any, whom: Any) -> Any:
    """Of the two in a conversation, by the columns of blocks: the viewer has blocked the other, or the other way round."""
    return exists().where(
        who == memberships.c.user_id,
        whom == _others.c.user_id,
        _others.c.conversation_id == conversations.c.id,
    )


# Between two people: whether the viewer has put a block there ("mine"), or only the other has ("theirs").
_block = case(
    (conversations.c.direct_key.is_(None), None),
    (_is_apart(blocks.c.blocker_id, blocks.c.blocked_id), "mine"),
    (_is_apart(blocks.c.blocked_id, blocks.c.blocker_id), "theirs"),
).label("my_block")
SEEN: Select[Any] = (
    select(*conversations.c, *_mine, _block, _unread_count.label("unread_count"))
    .join(memberships, memberships.c.conversation_id == conversations.c.id)
    .where(memberships.c.user_id == bindparam("viewer"))
)
CONVERSATION = SEEN.where(conversations.c.id == bindparam("of"))
CONVERSATIONS = SEEN.where(conversations.c.id.in_(bindparam("ids", expanding=True)))
DIRECT_CONVERSATION = SEEN.where(conversations.c.direct_key == bindparam("key"))


def _waits(has_later: Any) -> Any:
    """Whether something waits to be read: marked so, or among what came later, if anything did.

    In this order: of an OR, PostgreSQL would take out what needs no conversation, and ask for messages of each membership.
    """
    cases = (memberships.c.marked_unread, true()), (has_later, _unread.exists())
    return case(*cases, else_=false()).is_(true())


# By themselves: PostgreSQL would join with all conversations that there are, for somebody with many.
_last_position = (
    select(conversations.c.last_position)
    .where(conversations.c.id == memberships.c.conversation_id)
    .correlate(memberships)
    .scalar_subquery()
)
IS_UNREAD = _waits(_last_position > memberships.c.read_position)
UNREAD_CONVERSATIONS = (
    select(func.count())
    .select_from(memberships)
    .where(
        memberships.c.user_id == bindparam("viewer"),
        ~memberships.c.archived,
        IS_UNREAD,
    )
)
# How many purchases wait for an expert's answer; nothing for anybody else.
_waiting = select(func.count()).where(escrows.c.expert_id == experts.c.user_id, escrows.c.state == "held")
OWED = select(_waiting.correlate(experts).scalar_subquery()).where(
    experts.c.user_id == bindparam("viewer", type_=BigId)
)
# What stands around every page of a person, beside the page itself.
AROUND = (
    select(
        UNREAD_CONVERSATIONS.scalar_subquery().label("unread"),
        OWED.scalar_subquery().label("owed"),
        preferences.c.sound,
        preferences.c.hide_content,
        preferences.c.time_zone,
    )
    .select_from(users.outerjoin(preferences, preferences.c.user_id == users.c.id))
    .where(users.c.id == bindparam("viewer", type_=BigId))
)


def like(word: str) -> str:
    """A word to be found as it stands, wildcards and all, by statements that escape with a slash."""
    return word.replace("/", "//").replace("%", "/%").replace("_", "/_")


# Members with their names and how far they are, the longest first.

_participants: Select[Any] = (
    select(
        memberships.c.conversation_id,
        users.c.id,
        users.c.first_name,
        users.c.last_name,
        users.c.photo_key,
        memberships.c.role,
        memberships.c.joined_at,
        memberships.c.read_position,
        memberships.c.read_at,
        users.c.connected_at,
        users.c.last_seen_at,
        users.c.show_presence,
        users.c.show_receipts,
        users.c.closed_at,
    )
    .join(users, users.c.id == memberships.c.user_id)
    .order_by(memberships.c.joined_at, memberships.c.user_id)
)
# By the conversations: of memberships PostgreSQL would expect to read all those of a large group among them.
_in_circles = (
    _participants.order_by(None)
    .join(conversations, conversations.c.id == memberships.c.conversation_id)
    .where(conversations.c.id.in_(bindparam("ids", expanding=True)))
)
_is_large, _is_admin = conversations.c.member_count > LARGE, memberships.c.role == "admin"
# Each part by an index of its own: a large group is not gone through for the few that are shown.
_shown_participants = union_all(
    _in_circles.where(~_is_large),
    _in_circles.where(_is_large, _is_admin),
    _in_circles.where(_is_large, ~_is_admin, memberships.c.user_id == bindparam("viewer")),
).subquery()
SHOWN_PARTICIPANTS = select(_shown_participants).order_by(
    _shown_participants.c.joined_at, _shown_participants.c.id
)
MEMBERS = _participants.where(memberships.c.conversation_id == bindparam("of")).limit(MOST)
MEMBERS_AFTER = MEMBERS.where(
    tuple_(memberships.c.joined_at, memberships.c.user_id)
    > tuple_(bindparam("joined_at", type_=UtcDateTime()), bindparam("id", type_=BigId))
)

# Receipts: the members of conversations that are small enough to tell of each; beyond, how far all others have read.

# First which are small: of what is asked for by one id PostgreSQL would read a large group's members before it sees that.
_small = (
    select(conversations.c.id)
    .where(conversations.c.id.in_(bindparam("ids", expanding=True)), conversations.c.member_count <= LARGE)
    .cte("small")
    .prefix_with("MATERIALIZED")
)
SMALL_CIRCLES = _participants.join(_small, _small.c.id == memberships.c.conversation_id)
_furthest_behind = (
    select(memberships.c.read_position)
    .where(memberships.c.conversation_id == conversations.c.id, memberships.c.user_id != bindparam("viewer"))
    .order_by(memberships.c.read_position)
    .limit(1)
    .correlate(conversations)
    .scalar_subquery()
)
READ_BY_ALL = select(
    conversations.c.id.label("conversation_id"), func.coalesce(_furthest_behind, 0).label("position")
).where(conversations.c.id.in_(bindparam("ids", expanding=True)))
# Few people; in the words of the partial index, which SQLite knows by them alone.
_silent = select(users.c.id).where(text("NOT users.show_receipts"))
HIDDEN_READERS = (
    select(memberships.c.conversation_id)
    .where(
        memberships.c.conversation_id.in_(bindparam("ids", expanding=True)),
        memberships.c.user_id.in_(_silent),
        memberships.c.user_id != bindparam("viewer"),
    )
    .distinct()
)
_counted = (
    memberships.c.conversation_id == bindparam("of"),
    memberships.c.user_id != bindparam("viewer"),
    memberships.c.joined_at <= bindparam("at", type_=UtcDateTime()),
)
# By the few who do not tell, so that nobody else's row is needed.
_has_read = and_(
    memberships.c.read_position >= bindparam("position", type_=BigId),
    memberships.c.user_id.not_in(_silent),
)
RECEIPT_COUNTS = select(func.count(), func.sum(case((_has_read, 1), else_=0))).where(*_counted)
_order_of_receipts = case((_has_read, 0), else_=1), memberships.c.read_at, memberships.c.user_id
_first_receipts = (
    select(memberships.c.user_id).where(*_counted).order_by(*_order_of_receipts).limit(MOST).subquery()
)
RECEIPTS = (
    _participants.join(_first_receipts, _first_receipts.c.user_id == memberships.c.user_id)
    .where(memberships.c.conversation_id == bindparam("of"))
    .order_by(None)
    .order_by(*_order_of_receipts)
)
