"""Rows as HTML, through templates/. What is rendered here needs neither a request nor an app."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from jinja2 import Template
from markupsafe import Markup

from lumina import models
from lumina.models import User
from lumina.presenters import assets, naming, previews, purchases, shapes, wire
from lumina.presenters.templating import standalone
from lumina.services import edits
from lumina.services.views import MessageView, Person, Sender

BUBBLES_KEPT, LONGEST_KEPT = 4096, 4000
ROWS_KEPT = 4096
NEUTRAL_STATUS = "sent"

environment = standalone()
_bubble: Template = environment.get_template("messages/_message.html")
_row: Template = environment.get_template("conversations/_row.html")
_kept: dict[tuple[object, ...], str] = {}


def bubble(message: shapes.Message) -> str:
    """A message for nobody in particular; the same bytes serve page, answer and socket."""
    sender, quoted = message["sender"], message["replyPreview"]
    key = (
        message["id"],
        message["version"],
        message["updatedAt"],
        message["content"],
        message.get("restorableUntil"),
        sender["firstName"],
        sender["lastName"],
        sender["avatar"],
        message["escrow"]["state"] if "escrow" in message else None,
        quoted and (quoted["senderName"], quoted["content"], quoted["isDeleted"], quoted.get("thumbnailUrl")),
    )
    html = _kept.get(key)
    if html is None:
        html = _rendered(message)
        if len(html) <= LONGEST_KEPT:
            _keep(key, html)
    return html


def _rendered(message: shapes.Message) -> str:
    editable_until = datetime.fromisoformat(message["createdAt"]) + edits.window()
    return _bubble.render(message=message, can_edit_until=wire.time(editable_until))


def _keep(key: tuple[object, ...], html: str) -> None:
    if len(_kept) >= BUBBLES_KEPT:
        # Oldest first: a dict remembers the order of insertion.
        _kept.pop(next(iter(_kept)), None)
    _kept[key] = html


def bubbles(messages: Iterable[shapes.Message]) -> Markup:
    """Many, as one viewer sees them: a status that only the sender may know stands beside the kept bytes."""
    return Markup("".join(_with_status(bubble(message), message["status"]) for message in messages))


def pending(sender: Person, at: datetime) -> Markup:
    """The bubble that the browser fills in for a message on its way, its time included: the same all day."""
    own = Sender(sender.id, sender.first_name, sender.last_name, sender.photo_key)
    return _pending(own, at.replace(hour=0, minute=0, second=0, microsecond=0))


@lru_cache(maxsize=ROWS_KEPT)
def _pending(sender: Sender, at: datetime) -> Markup:
    message = models.Message(
        id=0,
        conversation_id=0,
        sender_id=sender.id,
        type="text",
        content="",
        position=0,
        version=0,
        created_at=at,
        updated_at=at,
    )
    placeholder = wire.message(MessageView(message, sender, None))
    return Markup(_rendered({**placeholder, "id": "", "position": "", "version": ""}))  # type: ignore[typeddict-item]


class Row(NamedTuple):
    """All that a row shows; what shows the same is rendered once."""

    id: str
    type: str
    title: str
    face: Markup | None
    hue: int
    preview: str
    attached: str | None
    at: str
    unread: int
    archived: bool
    muted: bool
    muted_until: str | None
    marked_unread: bool
    level: str
    last_message_id: str | None
    status: str | None
    peer_id: str | None
    online: bool | None
    last_seen_at: str | None
    purchase: purchases.Times | None
    current: bool


def row(conversation: shapes.Conversation, viewer: User, *, current_id: str | None = None) -> str:
    """A conversation's row in the viewer's list."""
    viewer_id = str(viewer.id)
    person = naming.other(conversation, viewer_id)
    mute = next(iter(conversation["mutedBy"]), None)
    return _rendered_row(
        Row(
            id=conversation["id"],
            type=conversation["type"],
            title=naming.title(conversation, viewer_id),
            face=naming.face(person) if person else naming.picture(conversation["avatar"]) or None,
            hue=naming.hue(person["id"] if person else conversation["id"]),
            preview=previews.preview(conversation, viewer_id),
            attached=previews.sign(conversation["lastMessage"]),
            at=conversation["lastMessageAt"] or conversation["createdAt"],
            unread=conversation["unreadCount"],
            archived=conversation["archived"],
            muted=mute is not None,
            muted_until=mute and mute["mutedUntil"],
            marked_unread=conversation["markedUnread"],
            level=conversation["settings"]["notificationLevel"],
            last_message_id=conversation["lastMessage"] and conversation["lastMessage"]["id"],
            status=_status_of_last(conversation, viewer_id),
            peer_id=person and person["id"],
            online=person and person["online"],
            last_seen_at=person and person["lastSeenAt"],
            purchase=purchases.times_of(conversation),
            current=conversation["id"] == current_id,
        )
    )


def _status_of_last(conversation: shapes.Conversation, viewer_id: str) -> str | None:
    """What became of the last message, where the viewer wrote it."""
    last = conversation["lastMessage"]
    is_own = (
        last and last["senderId"] == viewer_id and not last["isDeleted"] and last["messageType"] != "system"
    )
    return last["status"] if last and is_own else None


@lru_cache(maxsize=ROWS_KEPT)
def _rendered_row(row: Row) -> str:
    return _row.render(row=row)


def rows(
    conversations: Iterable[shapes.Conversation], viewer: User, *, current_id: str | None = None
) -> Markup:
    """Many of them."""
    return Markup("".join(row(conversation, viewer, current_id=current_id) for conversation in conversations))


def _with_status(html: str, status: str) -> str:
    if status == NEUTRAL_STATUS:
        return html
    return html.replace('<li class="message"', f'<li class="message" data-status="{status}"', 1)


def fixed(template: str) -> Markup:
    """A template in which nothing ever differs, rendered once."""
    return _fixed(template, assets.version())


@lru_cache(maxsize=16)
def _fixed(template: str, _version: str) -> Markup:
    return Markup(environment.get_template(template).render())
