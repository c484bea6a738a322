"""What templates may call. The app's own environment has it, and the one that renders without a request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lumina.presenters import (
    administration,
    amounts,
    assets,
    attachments,
    experts,
    highlights,
    link_cards,
    markup,
    naming,
    presences,
    purchases,
    reactions,
    system_lines,
    times,
)
from lumina.presenters.texts import browser_texts, t

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"

GLOBALS: dict[str, Any] = {
    "asset": assets.asset,
    "icon": assets.icon,
    "module_preloads": assets.module_preloads,
    "t": t,
    "browser_texts": browser_texts,
    "title": naming.title,
    "short_title": naming.short_title,
    "other": naming.other,
}
FILTERS: dict[str, Callable[..., Any]] = {
    "name": naming.name,
    "face": naming.face,
    "picture": naming.picture,
    "hue": naming.hue,
    "content": markup.content,
    "plain": markup.plain,
    "iso": times.iso,
    "amount": amounts.amount,
    "answered_in": purchases.answered_in,
    "purchase_times": purchases.times,
    "times_shown": purchases.times_of,
    "kind": attachments.kind,
    "file_size": attachments.size,
    "file_icon": attachments.icon,
    "length_of_sound": attachments.length,
    "fitted": attachments.fitted,
    "bars": attachments.bars,
    "attached_words": attachments.words,
    "card_source": link_cards.source,
    "presence": presences.words,
    "clock": times.clock,
    "pills": reactions.pills,
    "day": times.day,
    "minutes_as_clock": times.minutes_as_clock,
    "day_and_clock": times.day_and_clock,
    "duration": system_lines.duration,
    "days": experts.days,
    "hours": experts.hours,
    "place": times.place,
    "there": times.there,
    "clock_there": times.clock_there,
    "later": times.later,
    "span": times.span,
    "marked": highlights.marked,
    "act": administration.act,
    "why": administration.why,
}


def install(environment: Environment) -> None:
    """Give an environment our globals and filters, and make a misspelt name an error."""
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(GLOBALS)
    environment.filters.update(FILTERS)
    environment.tests["jumbo"] = markup.is_jumbo
    environment.tests["visual"] = attachments.is_visual


def standalone() -> Environment:
    """An environment that needs neither app nor request."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    install(environment)
    return environment
