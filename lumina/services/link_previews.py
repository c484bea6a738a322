"""Previews of links: noted when a message is sent or edited, fetched by the sweep, taken away by the sender."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import bindparam, delete, insert, select, update

from lumina import blocking, clock
from lumina.config import Config
from lumina.errors import Forbidden
from lumina.extensions import db
from lumina.fetching import Fetcher, Unreachable, Unsuitable
from lumina.models import LinkFetch, Message, User, statements
from lumina.models.messages import text_of
from lumina.services import links, page_head
from lumina.services.changes import Change, changing, touch, unchanged, updated
from lumina.services.sweep import Job, by
from lumina.services.unit_of_work import operation
from lumina.services.views import MessageView

log = logging.getLogger(__name__)
AT_ONCE, ATTEMPTS = 4, 2
# While one process is fetching, the others leave it alone; and how long before a network is tried again.
CLAIM, PAUSE = timedelta(seconds=60), timedelta(seconds=60)

fetcher = Fetcher()
_enabled = True

_of_message = LinkFetch.message_id == bindparam("of")
WISH = (
    select(User.link_previews, LinkFetch.url)
    .outerjoin(LinkFetch, _of_message)
    .where(User.id == bindparam("sender"))
)
_waiting = by(statements.due.earliest(LinkFetch.message_id, at=LinkFetch.due_at))


class Preview(TypedDict):
    """What a message keeps of the page behind its link, as it stands on the wire."""

    url: str
    title: str
    description: str | None
    siteName: str | None


class Claim(NamedTuple):
    """A fetch that is this process's for a while."""

    message_id: int
    conversation_id: int
    url: str


def configure(config: Config) -> None:
    """Take whether links are looked at at all."""
    global _enabled
    _enabled = config.link_previews


def wanted(message: Message) -> None:
    """Within an operation that has sent or edited a message: have its link looked at, unless that has been done."""
    url = links.first(text_of(message))
    if url is None and not message.edited_at:
        return
    wishes, noted = db.session.execute(WISH, {"of": message.id, "sender": message.sender_id}).one()
    if url and noted == url:
        return
    message.link_preview = None
    forget(message)
    if url and wishes and _enabled:
        row = {"message_id": message.id, "url": url, "due_at": clock.now(), "attempts": 0}
        db.session.execute(insert(LinkFetch), row)


def forget(message: Message) -> None:
    """Within an operation: whatever was noted of a message's link goes; a preview that it has stays."""
    db.session.execute(delete(LinkFetch).where(LinkFetch.message_id == message.id))


@changing
def remove(actor: User, change: Change) -> MessageView:
    """Take the preview off one's own message, or see to it that it gets none. Raises NotFound, Forbidden."""
    change.require_written()
    message = change.message
    if message.sender_id != actor.id:
        raise Forbidden("Only its sender may remove a preview.", code="not_the_sender")
    _close(message.id)
    if message.link_preview is None:
        return unchanged(message)
    message.link_preview = None
    touch(change.conversation, message)
    return updated(message)


def _close(message_id: int) -> None:
    db.session.execute(update(LinkFetch).where(LinkFetch.message_id == message_id).values(due_at=None))


def due(now: datetime, most: int) -> Iterable[Any]:
    """The messages whose links are to be looked at, and since when."""
    return _waiting(now, most) if _enabled else []


def carry_out(message_id: int) -> bool:
    """Look at a message's link and keep what is found; False where another process does, or nothing is left to do."""
    claim = _claim(None, message_id)
    if claim is None:
        return False
    try:
        preview = blocking.run(_look, claim.url)
    except Unreachable as reason:
        log.info("the link of message %d: %s", message_id, reason)
        return _put_off(None, claim)
    except Unsuitable as reason:
        log.info("the link of message %d: %s", message_id, reason)
        preview = None
    return _keep(None, claim.conversation_id, claim, preview)


@operation()
def _claim(actor: None, message_id: int) -> Claim | None:
    """Take what is due, unless somebody else is faster; what ended a process twice is not tried again."""
    now = clock.now()
    row = db.session.scalar(
        select(LinkFetch)
        .where(LinkFetch.message_id == message_id, LinkFetch.due_at <= now)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    row.due_at, row.attempts = now + CLAIM, row.attempts + 1
    if row.attempts > ATTEMPTS:
        row.due_at = None
        return None
    conversation_id = db.session.scalars(
        select(Message.conversation_id).where(Message.id == message_id)
    ).one()
    return Claim(message_id, conversation_id, row.url)


def _look(url: str) -> Preview | None:
    """In a thread: what the page says about itself."""
    page = fetcher.fetch(url)
    found = page_head.described(page.html)
    if found is None:
        return None
    return {"url": url, "title": found.title, "description": found.description, "siteName": found.site_name}


@operation()
def _put_off(actor: None, claim: Claim) -> bool:
    """Once more a while later; not a third time."""
    row = _claimed(claim)
    if row:
        row.due_at = clock.now() + PAUSE if row.attempts < ATTEMPTS else None
    return row is not None


@operation(queue_by="conversation_id")
def _keep(actor: None, conversation_id: int, claim: Claim, preview: Preview | None) -> bool:
    """Put the preview on the message, if it still has that link and nobody has decided otherwise meanwhile."""
    conversation = db.session.scalars(statements.sending.LOCKED_CONVERSATION, {"of": conversation_id}).one()
    row = _claimed(claim)
    if row is None:
        return False
    row.due_at = None
    message: Message = db.session.scalars(statements.sending.MESSAGE, {"id": claim.message_id}).one()
    if preview and links.first(text_of(message)) == claim.url:
        message.link_preview = dict(preview)
        touch(conversation, message)
        updated(message)
    return True


def _claimed(claim: Claim) -> LinkFetch | None:
    return db.session.scalar(
        select(LinkFetch)
        .where(
            LinkFetch.message_id == claim.message_id,
            LinkFetch.url == claim.url,
            LinkFetch.due_at.is_not(None),
        )
        .execution_options(populate_existing=True)
    )


JOBS = [Job("link_previews", due, carry_out, at_once=AT_ONCE)]
