"""What a search has found, with the found words marked."""

from __future__ import annotations

from markupsafe import Markup, escape

from lumina.presenters import shapes

MARK = Markup("<mark>{}</mark>")


def marked(found: shapes.Found) -> Markup:
    """The snippet as HTML; highlights count UTF-16 units."""
    units = found["snippet"].encode("utf-16-le")
    parts, last = [], 0
    for start, end in found["highlights"]:
        parts += [escape(_text(units, last, start)), MARK.format(_text(units, start, end))]
        last = end
    return Markup("").join([*parts, escape(_text(units, last, len(units) // 2))])


def _text(units: bytes, start: int, end: int) -> str:
    return units[2 * start : 2 * end].decode("utf-16-le")
