"""Sessions as a person knows them: "Firefox on Linux" rather than what a browser calls itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lumina.models import Session
from lumina.presenters.texts import t

# In this order: most browsers also bear the names of those further down.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Device:
    """One line of the list of devices."""

    id: int
    kind: str
    label: str
    address: str
    last_seen_at: datetime
    is_current: bool


def listed(sessions: list[Session], current_id: int) -> list[Device]:
    """All of somebody's sessions."""
    return [
        Device(row.id, row.kind, label(row), row.address, row.last_seen_at, row.id == current_id)
        for row in sessions
    ]


def label(session: Session) -> str:
    """Browser and system where they can be told, else the program's own name."""
    browser = _first(BROWSERS, session.user_agent)
    system = _first(SYSTEMS, session.user_agent)
    if browser and system:
        return t("settings.browser_on", browser=browser, system=system)
    if session.kind == "api":
        return session.user_agent.split(" ")[0] or t("settings.program")
    return browser or system or t("settings.unknown_device")


def _first(names: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for sign, name in names if sign in text), None)
