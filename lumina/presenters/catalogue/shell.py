"""The frame around everything: the ways through the interface, what went wrong, what waits."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "app.name": "Lumina",
    "app.skip": "Skip to the content",
    "nav.label": "Main",
    "nav.home": "Lumina, to the inbox",
    "nav.inbox": "Inbox",
    "nav.settings": "Settings",
    "nav.profile": "{name}, your profile",
    "notification.group": "Group",
    "notification.one": "New message",
    "notification.several": "{count} new messages",
    "error.title_403": "Not allowed",
    "error.title_404": "Not found",
    "error.title_429": "A moment, please",
    "error.title_500": "Something went wrong",
    "error.title_503": "Out of reach",
    "error.title_form": "This form has expired",
    "error.title_other": "That did not work",
    "error.message_404": "This does not exist, or you cannot see it.",
    "error.message_500": "The fault is ours and has been noted. Please try again.",
    "error.message_form": "It was open for a long time. Go back, reload the page and send it again.",
    "error.home": "To the inbox",
    "form.required": "Please fill this in.",
    "form.too_long": "At most {max} characters.",
    "offline.title": "No connection",
    "offline.words": "Lumina cannot be reached. This page goes on by itself when it can.",
    "offline.again": "Try again",
}
