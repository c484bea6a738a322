"""An open conversation as a page or as the pane within one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import render_template

from lumina import clock, models
from lumina.pages import paid, pins, shell
from lumina.pages.requests import is_fragment
from lumina.presenters import fragments, naming, receipts, shapes, wire
from lumina.presenters.texts import t
from lumina.services import accounts, conversations, messages
from lumina.services.views import ConversationView, Page

# With more than this unread, the latest messages alone would hide where one stopped reading.
UNREAD_THAT_FIT = 40


def render(
    actor: models.User,
    conversation_id: str,
    *,
    before: str | None = None,
    after: str | None = None,
    around: str | None = None,
    **refused: Any,
) -> str:
    """The latest messages, or those before, after or around one of them; `refused` is what the composer keeps."""
    places = {"before": before, "after": after, "around": around}
    if is_fragment():
        context = pane_context(actor, conversations.find(actor, conversation_id), **places) | refused
        return render_template("conversations/_conversation.html", viewer_id=str(actor.id), **context)
    listed = shell.list_asked_for(actor)
    context = pane_context(actor, _found(actor, conversation_id, listed), **places) | refused
    return shell.render_inbox(actor, listed=listed, pane="conversation", **context)


def _found(actor: models.User, conversation_id: str, listed: Page[ConversationView]) -> ConversationView:
    """The conversation, which mostly is among those just listed. Raises NotFound."""
    of = {str(view.conversation.id): view for view in listed.items}
    return of.get(conversation_id) or conversations.find(actor, conversation_id)


def pane_context(
    actor: models.User,
    view: ConversationView,
    *,
    before: str | None = None,
    after: str | None = None,
    around: str | None = None,
) -> dict[str, Any]:
    """What the template of the pane needs."""
    shown = wire.conversation(view, actor)
    first_unread = messages.first_unread(actor, view)
    is_long_ago = shown["unreadCount"] > UNREAD_THAT_FIT and not (before or after)
    centre = around or (str(first_unread) if is_long_ago else None)
    history = messages.history(actor, view, before=before, after=after, around=centre)
    listed = [wire.message(message, actor) for message in history.messages]
    return {
        "conversation": shown,
        "block": view.conversation.my_block,
        "current_id": shown["id"],
        "page_title": naming.title(shown, str(actor.id)),
        "subtitle": subtitle(actor, shown),
        "history": history,
        "bubbles": fragments.bubbles(listed),
        "oldest": listed[0]["id"] if listed else None,
        "newest": listed[-1]["id"] if listed else None,
        "first_unread": first_unread,
        "focus": around,
        "pins": pins.listed_in(actor, view),
        "receipts": receipts.marks(view, actor),
        "read_by_all": receipts.read_by_all(view, actor),
        "is_admin": shown["type"] == "group" and view.conversation.my_role == "admin",
        "pending": fragments.pending(actor, clock.now()),
        **_composer(actor, view),
    }


def composer_context(actor: models.User, conversation_id: str) -> dict[str, Any]:
    """What the template of the composer needs."""
    view = conversations.find(actor, conversation_id)
    shown = wire.conversation(view, actor)
    return {"conversation": shown, "viewer_id": str(actor.id), **_composer(actor, view)}


def _composer(actor: models.User, view: ConversationView) -> dict[str, Any]:
    return {
        "composing": paid.composing(actor, view),
        "client_message_id": uuid4().hex,
        "draft": "",
        "composer_error": None,
        "composer_code": None,
        "chosen_level": "normal",
    }


def subtitle(actor: models.User, conversation: shapes.Conversation) -> str:
    """What stands below the title: somebody's headline, or how many belong to the group."""
    if person := naming.other(conversation, str(actor.id)):
        return accounts.find(actor, person["id"]).headline or ""
    count = conversation["participantCount"]
    return t("conversation.members_one") if count == 1 else t("conversation.members", count=f"{count:,}")
