"""What the head of a page says about it, in plain words."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser

TITLE, DESCRIPTION, SITE = 200, 300, 80
# Tags that never end make the parser slow, which holds up all threads: it gets small pieces, no longer tags and no
# more time than this.
PIECE, LONGEST_TAG, SECONDS = 16 * 1024, 32 * 1024, 1.0
LONGEST_PROPERTY = 2_000
TITLES = ("og:title", "twitter:title", "title")
DESCRIPTIONS = ("og:description", "twitter:description", "description")
SITES = ("og:site_name", "application-name")
# Controls, and what turns the direction of reading around.
UNSPOKEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


@dataclass(frozen=True)
class Description:
    """Of a page; texts without markup, bounded."""

    title: str
    description: str | None
    site_name: str | None


def described(html: str) -> Description | None:
    """What a page says about itself; None for one without a title."""
    head = Head()
    # The parser takes some nonsense for impossible; what was said before counts.
    with suppress(AssertionError):
        _read(head, html)
    title = _cleaned(head.first(TITLES), TITLE)
    if title is None:
        return None
    return Description(
        title, _cleaned(head.first(DESCRIPTIONS), DESCRIPTION), _cleaned(head.first(SITES), SITE)
    )


def _read(head: Head, html: str) -> None:
    until = time.monotonic() + SECONDS
    for start in range(0, len(html), PIECE):
        head.feed(html[start : start + PIECE])
        if head.ended or head.is_stuck or time.monotonic() > until:
            break


class Head(HTMLParser):
    """Collects the properties that stand before the body begins; of each the first that says something."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ended = False
        self._properties: dict[str, str] = {}
        self._title: list[str] | None = None

    def first(self, names: tuple[str, ...]) -> str:
        """What the first of these says that is there at all."""
        return next((self._properties[name] for name in names if name in self._properties), "")

    @property
    def is_stuck(self) -> bool:
        """Whether it waits for the end of a tag that is none."""
        waits = len(self.rawdata) > LONGEST_TAG
        return waits and self.cdata_elem is None and not self.rawdata.startswith("<!--")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._title = [] if tag == "title" else None
        self.ended = self.ended or tag == "body"
        if tag == "meta":
            given = {name: text or "" for name, text in attrs}
            self._note(given.get("property") or given.get("name", ""), given.get("content", ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title" and self._title:
            self._note("title", "".join(self._title))
            self._title = None
        self.ended = self.ended or tag == "head"

    def handle_data(self, data: str) -> None:
        if self._title is not None:
            self._title.append(data)

    def _note(self, name: str, text: str) -> None:
        name = name.strip().lower()
        if not self.ended and name in WANTED and text.strip():
            self._properties.setdefault(name, text[:LONGEST_PROPERTY])


WANTED = frozenset((*TITLES, *DESCRIPTIONS, *SITES))


def _cleaned(text: str, most: int) -> str | None:
    """In one line, at most so long."""
    words = " ".join(UNSPOKEN.sub("", text).split())
    return (words if len(words) <= most else words[: most - 1].rstrip() + "…") or None
