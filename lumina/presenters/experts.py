"""An expert as the pages show them, and what stands between the viewer and an answer, in words."""

from __future__ import annotations

from lumina import models
from lumina.presenters import shapes, wire
from lumina.presenters.amounts import amount
from lumina.presenters.system_lines import duration
from lumina.presenters.texts import t
from lumina.presenters.times import about
from lumina.services import presence, settling
from lumina.services.experts import ExpertView
from lumina.services.purchases import Agreed

HOUR, DAY = 3600, 86_400


class Card(shapes.Expert):
    """Besides what the wire says: who they are to the viewer now, and how soon they usually answer, in words."""

    online: bool
    lastSeenAt: str | None
    usualAnswer: str


def card(view: ExpertView, viewer: models.User) -> Card:
    """An expert in a list or on a page of their own; presence is mutual, as everywhere."""
    shown = viewer.show_presence and view.user.show_presence
    seconds = view.record.median_answer_seconds
    return {
        **wire.expert(view, viewer),
        "online": shown and presence.is_online(view.user.id),
        "lastSeenAt": wire.maybe_time(view.user.last_seen_at) if shown else None,
        "usualAnswer": "" if seconds is None else about(seconds),
    }


def days(count: int) -> str:
    """ "7 days"."""
    return duration(count * DAY) if count else ""


def hours(count: int) -> str:
    """ "48 h"."""
    return t("span.hours", hours=count)


def dispute_window() -> str:
    """For how long a client can object: "72 hours"."""
    found = round(settling.dispute_window().total_seconds() / HOUR)
    return t("experts.hour" if found == 1 else "experts.hours", count=found)


def changes(agreed: Agreed, view: ExpertView) -> list[str]:
    """What is no longer as it was agreed to, a sentence each."""
    offer = view.expert
    told = (
        ("price", agreed.price_minor, offer.conversation_price_minor, amount),
        ("days", agreed.duration_days, offer.duration_days, days),
        ("hours", agreed.answer_hours, offer.answer_hours, hours),
    )
    return [
        t(f"ask.changed_{name}", now=said(now), before=said(before))
        for name, before, now, said in told
        if before is not None and before != now
    ]
