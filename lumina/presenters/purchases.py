"""What the browser needs to know of a purchase to show how it stands: all of it times, so that it can be kept."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from lumina.presenters import shapes
from lumina.presenters.texts import t
from lumina.presenters.times import span


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
    """Of what is due an answer there soonest, be it the conversation or a message in it; where nothing is, of its latest
    purchase. None where there is none."""
    owed = conversation.get("owed")
    if owed and owed["kind"] == "message":
        return times(owed)
    if "escrow" not in conversation:
        return None
    return times(conversation["escrow"], conversation.get("priorityExpiresAt"))


def answered_in(escrow: shapes.Escrow) -> str:
    """How long the answer took: "3 h 12 min"."""
    answered = datetime.fromisoformat(escrow["answeredAt"] or escrow["createdAt"])
    return span(round((answered - datetime.fromisoformat(escrow["createdAt"])).total_seconds()))


class Step(NamedTuple):
    """Something that happened to a purchase, or is to happen at that time."""

    words: str
    at: str | None
    is_done: bool
    note: str = ""


def timeline(
    escrow: shapes.Escrow, blanks: dict[str, str], *, reader: str, expires_at: str | None, now: str
) -> list[Step]:
    """What a purchase has gone through and what lies ahead, as its `reader`, client or expert, reads it.

    `blanks` are the first names of both and its amounts; `expires_at` is the end of its window, where it has one, and
    `now` a time as on the wire.
    """
    steps = [Step(t("purchase.paid", **blanks), escrow["createdAt"], True)]
    if escrow["answeredAt"]:
        steps.append(Step(t("purchase.answered", time=answered_in(escrow)), escrow["answeredAt"], True))
    elif escrow["state"] == "held":
        steps.append(Step(t("purchase.answer_due"), escrow["answerBy"], False, t("purchase.or_back")))
    ahead = _outcome(escrow, blanks, reader)
    if expires_at and escrow["answeredAt"] and escrow["state"] != "refunded":
        is_over = expires_at <= now
        ahead.append(Step(t("purchase.closed" if is_over else "purchase.closes"), expires_at, is_over))
    return [*steps, *sorted(ahead, key=lambda step: step.at or "")]


def _outcome(escrow: shapes.Escrow, blanks: dict[str, str], reader: str) -> list[Step]:
    state = escrow["state"]
    if state == "answered":
        unless = t(f"purchase.unless_{reader}", **blanks)
        return [Step(t("purchase.pays_out", **blanks), escrow["releaseAt"], False, unless)]
    if state == "disputed":
        return [Step(t(f"purchase.objected_{reader}", **blanks), None, True, t("purchase.admin_decides"))]
    if state == "refunded":
        reason = t(f"purchase.because_{escrow.get('refundReason', 'expired')}", **blanks)
        return [Step(t("purchase.refunded", **blanks), escrow["settledAt"], True, reason)]
    if state in ("released", "split"):
        return [Step(t(f"purchase.{state}", **blanks), escrow["settledAt"], True)]
    return []


def offered(escrow: shapes.Escrow, reader: str, now: str) -> list[str]:
    """What its reader can do about a purchase: cancel, dispute or decline."""
    if escrow["state"] == "held":
        if reader == "expert":
            return ["decline"]
        return [] if "openedAt" in escrow else ["cancel"]
    may_object = reader == "client" and escrow["state"] == "answered" and now < (escrow["releaseAt"] or "")
    return ["dispute"] if may_object else []
