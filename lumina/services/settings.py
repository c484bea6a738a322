"""A conversation's settings: those that all members share, and one's own notifications and mute."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from lumina import clock
from lumina.errors import Forbidden, Invalid
from lumina.extensions import db
from lumina.models import Conversation, Membership, User, statements
from lumina.services import blocks, events, lines, lookup, members
from lumina.services.sweep import Job, by
from lumina.services.unit_of_work import operation, record
from lumina.services.views import ConversationView

LEVELS = ("all", "mentions", "none")
LONGEST = 365 * 24 * 3600
# Setting -> the kind of system line that tells of it, and the name of its one param.
SHARED = {
    "auto_delete_after": ("auto_delete", "seconds"),
    "allow_file_sharing": ("file_sharing", "allowed"),
    "allow_voice_messages": ("voice_messages", "allowed"),
}


@operation(queue_by="conversation_id")
def change(actor: User, conversation_id: str, **given: Any) -> ConversationView:
    """Change what is given of notification_level ("all", "mentions", "none"), notifications (whether there are any),
    auto_delete_after (seconds, None for never), allow_file_sharing and allow_voice_messages; all but the first two are
    shared, and in a group an admin's. Raises NotFound, Forbidden, Invalid.
    """
    conversation, membership = lookup.locked(actor, conversation_id)
    shared = {name: value for name, value in given.items() if name in SHARED}
    if shared and conversation.type == "group" and membership.role != "admin":
        raise Forbidden("Only an admin of the group may do this.", code="not_an_admin")
    changed = _share(actor, conversation, shared)
    level = _level(membership.notification_level, given)
    is_own_change, membership.notification_level = level != membership.notification_level, level
    return _told(actor, conversation, changed, is_own_change)


def _level(before: str, given: dict[str, Any]) -> str:
    level: str = given.get("notification_level", before)
    if "notification_level" in given or "notifications" not in given:
        return level
    # Who only says that there are any keeps to the kind chosen before.
    return "none" if not given["notifications"] else "all" if before == "none" else before


def _share(actor: User, conversation: Conversation, wanted: dict[str, Any]) -> bool:
    """Set what differs, with a line for each; whether anything did."""
    seconds = wanted.get("auto_delete_after")
    if seconds is not None and not 0 < seconds <= LONGEST:
        raise Invalid.field(
            "settings.autoDeleteAfter", f"This is 1 to {LONGEST:,} seconds, or null for never."
        )
    # In the order of SHARED, whatever order they came in.
    differing = {
        name: wanted[name]
        for name in SHARED
        if name in wanted and wanted[name] != getattr(conversation, name)
    }
    if differing:
        blocks.require_reachable(actor, conversation.direct_key)
    for name, value in differing.items():
        setattr(conversation, name, value)
        kind, param = SHARED[name]
        lines.add(conversation, actor, kind, **{param: value})
    if differing:
        conversation.updated_at = clock.now()
    return bool(differing)


@operation(queue_by="conversation_id")
def mute(
    actor: User, conversation_id: str, *, muted: bool | None = None, muted_until: datetime | None = None
) -> ConversationView:
    """Mute for the actor, for good or until a time, or unmute; without `muted` it toggles. Raises NotFound, Invalid."""
    now = clock.now()
    if muted_until and muted_until <= now:
        raise Invalid.field("mutedUntil", "This time is over.")
    conversation, membership = lookup.locked(actor, conversation_id)
    membership.muted = not members.is_muted(membership, now) if muted is None else muted
    membership.muted_until = muted_until if membership.muted else None
    return _told(actor, conversation, False, True)


@operation()
def _end_mute(actor: None, key: tuple[int, int]) -> bool:
    membership = db.session.get(Membership, key, with_for_update=True)
    if membership is None or membership.muted_until is None or membership.muted_until > clock.now():
        return False
    membership.muted, membership.muted_until = False, None
    db.session.flush()
    person = db.session.get_one(User, membership.user_id)
    view = lookup.conversation_view(person, membership.conversation_id)
    record(events.OwnSettingsChanged(view, person))
    return True


OVER = statements.due.earliest(Membership.conversation_id, Membership.user_id, at=Membership.muted_until)
JOBS = [Job("mutes", by(OVER), partial(_end_mute, None))]


def _told(actor: User, conversation: Conversation, is_shared: bool, is_own: bool) -> ConversationView:
    db.session.flush()
    view = lookup.conversation_view(actor, conversation.id)
    if is_shared:
        record(events.SettingsChanged(view))
    if is_own:
        record(events.OwnSettingsChanged(view, actor))
    return view
