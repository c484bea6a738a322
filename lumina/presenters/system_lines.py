"""System messages in words: what is kept is {kind, params}, what is read is a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lumina.presenters.amounts import amount
from lumina.presenters.texts import t
from lumina.presenters.times import span

NAMED = 3
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def words(system: Mapping[str, Any], sender_name: str) -> str:
    """Who did what. A kind from a later day reads as some change."""
    params = system.get("params") or {}
    key = KEYS.get(system.get("kind") or "", _changed)(params)
    return t(f"system.{key}", name=sender_name, **_blanks(params))


def duration(seconds: int) -> str:
    """In the largest unit that leaves no rest: "1 hour", "7 days", "90 seconds"."""
    unit, size = next((unit, size) for unit, size in UNITS if seconds % size == 0)
    count = seconds // size
    return t(f"duration.{unit}") if count == 1 else t(f"duration.{unit}s", count=f"{count:,}")


def names(people: list[str]) -> str:
    """ "Ines Okafor and Tomasz Novak"; of many the first three and how many more."""
    if len(people) > NAMED + 1:
        return t("names.more", names=", ".join(people[:NAMED]), count=f"{len(people) - NAMED:,}")
    if len(people) > 1:
        return t("names.and", names=", ".join(people[:-1]), last=people[-1])
    return people[0] if people else t("names.somebody")


def _changed(params: Mapping[str, Any]) -> str:
    return "changed"


def _always(key: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda params: key


def _switch(key: str, blank: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda params: f"{key}_on" if params.get(blank) else f"{key}_off"


def _paid(key: Callable[[Mapping[str, Any]], str]) -> Callable[[Mapping[str, Any]], str]:
    return lambda params: key(params) if "amountMinor" in params else "changed"


KEYS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "joined": _always("joined"),
    "removed": _always("removed"),
    "left": _always("left"),
    "renamed": _switch("renamed", "name"),
    "described": _always("described"),
    "photo": _switch("photo", "set"),
    "made_admin": _always("made_admin"),
    "auto_delete": _switch("auto_delete", "seconds"),
    "file_sharing": _switch("file_sharing", "allowed"),
    "voice_messages": _switch("voice_messages", "allowed"),
    "pinned": _always("pinned"),
    "purchased": _paid(_always("purchased")),
    "answered": _paid(lambda params: "answered" if params.get("durationDays") else "answered_message"),
    "refunded": _paid(lambda params: f"refunded_{params['reason']}"),
    "released": _paid(lambda params: "released_fee" if params.get("paidFeeMinor") else "released"),
    "disputed": _paid(_always("disputed")),
    "split": _paid(_always("split")),
    "window_closed": _paid(_always("window_closed")),
}


def _blanks(params: Mapping[str, Any]) -> dict[str, str]:
    return {
        "users": names([person["name"] for person in params.get("users") or ()]),
        "title": params.get("name") or "",
        "duration": duration(params.get("seconds") or 0),
        **(_paid_blanks(params) if "amountMinor" in params else {}),
    }


def _paid_blanks(params: Mapping[str, Any]) -> dict[str, str]:
    """Of a line about a purchase; `part` is what the expert gets of it."""
    amount_minor, part, fee = (
        params.get(name) or 0 for name in ("amountMinor", "expertMinor", "paidFeeMinor")
    )
    return {
        "client": params["client"]["firstName"],
        "expert": params["expert"]["firstName"],
        "amount": amount(amount_minor),
        "part": amount(part - fee),
        "rest": amount(amount_minor - part),
        "fee": amount(fee),
        "span": span(params.get("seconds") or 0),
        "days": duration((params.get("durationDays") or 0) * 86_400) if params.get("durationDays") else "",
    }
