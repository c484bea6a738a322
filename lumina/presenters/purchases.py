"""What the browser needs to know of a purchase to show how it stands: all of it times, so that it can be kept."""

from __future__ import annotations

from typing import NamedTuple

from lumina.presenters import shapes


class Times(NamedTuple):
    """A purchase's state and the times that decide about it, as on the wire; `expires_at` where there is a window."""

    state: str
    bought_at: str
    answer_by: str
    answered_at: str | None = None
    expires_at: str | None = None


def times(escrow: shapes.Escrow, expires_at: str | None = None) -> Times:
    """Of a purchase; of a conversation's, `expires_at` is its `priorityExpiresAt`."""
    return Times(escrow["state"], escrow["createdAt"], escrow["answerBy"], escrow["answeredAt"], expires_at)


def times_of(conversation: shapes.Conversation) -> Times | None:
    """Of a conversation's latest purchase; None where there is none."""
    if "escrow" not in conversation:
        return None
    return times(conversation["escrow"], conversation.get("priorityExpiresAt"))
