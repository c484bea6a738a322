"""Whether somebody is here, in words."""

from __future__ import annotations

from lumina.presenters import shapes, times
from lumina.presenters.texts import t


def words(person: shapes.Participant) -> str:
    """ "online", or when they were last seen; nothing where that is not known."""
    if person.get("online"):
        return t("presence.online")
    seen = person.get("lastSeenAt")
    return t("presence.seen", time=times.day_and_clock(seen)) if seen else ""
