"""What people type, checked once: nothing a database cannot keep, nothing too long."""

from __future__ import annotations

import re

from lumina.errors import Invalid

MESSAGE = 10_000
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def length(text: str) -> int:
    """In UTF-16 units, as browsers count and as the wire says."""
    return len(text.encode("utf-16-le")) // 2


def excerpt(text: str, most: int) -> str:
    """The beginning of a text, at most `most` units, no character halved."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def clean(text: str, field: str) -> str:
    """`text` without surrounding space. Raises Invalid for what no database or font can hold."""
    if UNKEEPABLE.search(text):
        raise Invalid.field(field, "This contains characters that cannot be kept.")
    return text.strip()


def message(text: str, *, required: bool = True) -> str:
    """A message's text, cleaned. Raises Invalid for none where it is required, or too much."""
    text = clean(text, "content")
    if required and not text:
        raise Invalid.field("content", "A message has a text or an attachment.")
    if length(text) > MESSAGE:
        raise Invalid.field("content", f"A message has at most {MESSAGE:,} characters.")
    return text


def required(text: str, field: str, most: int) -> str:
    """A cleaned text of 1 to `most` units. Raises Invalid."""
    text = clean(text, field)
    if not text:
        raise Invalid.field(field, "Please fill this in.")
    return _bounded(text, field, most)


def optional(text: str | None, field: str, most: int) -> str | None:
    """A cleaned text of at most `most` units, or None for nothing. Raises Invalid."""
    text = clean(text or "", field)
    return _bounded(text, field, most) or None


def _bounded(text: str, field: str, most: int) -> str:
    if length(text) > most:
        raise Invalid.field(field, f"This is longer than {most:,} characters.")
    return text
