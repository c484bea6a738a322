"""The part of a text in which something was found, and where in it: folded as the search folds, shown as written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from lumina.models import words
from lumina.services.text import length

LONGEST, LEAD = 160, 40
ELLIPSIS, PUNCTUATION = "…", " .,;:…"
_LINK = re.compile(r"!?\[([^\[\]\n]+)\]\([^()\s]*\)")
_LINE_START = re.compile(r"^[ \t]*(?:(?:```|~~~)\S*|#{1,6} |(?:[-*+] |> ?)+)", re.MULTILINE)
# Marks that open before a word or close after one; those between letters are the letters' own.
_MARKS = re.compile(
    r"`+|(?<![\w\\])(?:\*{1,3}|_{1,3}|~~)(?=[^\s*_~])|(?<=[^\s*_~\\])(?:\*{1,3}|_{1,3}|~~)(?!\w)"
)
_ESCAPED = re.compile(r"\\([\\`*_~\[\]#>+-])")
# Vowels and finals that a Korean syllable is composed of, where it was written in parts.
_PARTS = re.compile("[\u1160-\u11ff]")


class Snippet(NamedTuple):
    """Highlights are [start, end] in UTF-16 units of the text."""

    text: str
    highlights: list[list[int]]


class Span(NamedTuple):
    start: int
    end: int


class Folded(NamedTuple):
    """A folded text, and for each of its characters where in the original it comes from."""

    text: str
    origins: list[Span] | None

    def origin(self, start: int, end: int) -> Span:
        if self.origins is None:
            return Span(start, end)
        return Span(self.origins[start].start, self.origins[end - 1].end)


def plain(content: str) -> str:
    """The text without its markup, in one line."""
    bare = _LINE_START.sub("", _LINK.sub(r"\1", content))
    return " ".join(_ESCAPED.sub(r"\1", _MARKS.sub("", bare)).split())


def snippet(content: str, query: str) -> Snippet:
    """About 160 characters around the first place where one of the query's words is found."""
    text = plain(content)
    spans = _merged(_near(_found(_folded(text), query)))
    start = _window_start(text, spans[0].start) if spans else 0
    end = _window_end(text, start)
    before, after = ELLIPSIS * (start > 0), ELLIPSIS * (end < len(text))
    shown = [Span(span.start, min(span.end, end)) for span in spans if start <= span.start < end]
    offset = len(before)
    return Snippet(
        before + text[start:end] + after,
        [
            [offset + length(text[start : span.start]), offset + length(text[start : span.end])]
            for span in shown
        ],
    )


def _folded(text: str) -> Folded:
    if text.isascii():
        return Folded(words.fold(text), None)
    pieces: list[str] = []
    origins: list[Span] = []
    for span in _clusters(text):
        piece = _fold(text[span.start : span.end])
        pieces.append(piece)
        origins += [span] * len(piece)
    return Folded("".join(pieces), origins)


_fold = lru_cache(maxsize=4096)(words.fold)


def _clusters(text: str) -> Iterator[Span]:
    """Each character with the accents that follow it, which fold together."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not (unicodedata.combining(text[at]) or _PARTS.match(text[at])):
            yield Span(start, at)
            start = at


def _found(folded: Folded, query: str) -> Iterator[Span]:
    """Where the text has a word that begins like one of the query, or a run of the query's characters, in order."""
    wanted = list(words.tokens(words.fold(query)))
    beginnings = {token[0][: words.LONGEST] for token in wanted if token.lastgroup != "run"}
    runs = _pattern({token[0] for token in wanted if token.lastgroup == "run"}, folded.text)
    for token in words.tokens(folded.text):
        if token.lastgroup == "run":
            for found in runs.finditer(folded.text, *token.span()):
                yield folded.origin(*found.span())
        elif matching := [len(word) for word in beginnings if token[0].startswith(word)]:
            yield folded.origin(token.start(), token.start() + max(matching))


def _pattern(runs: set[str], text: str) -> re.Pattern[str]:
    """The runs as a whole; of one that is nowhere, its pairs of neighbours."""
    found = {run if run in text else pair for run in runs for pair in words.pairs(run)}
    return re.compile("|".join(sorted(map(re.escape, found), key=len, reverse=True)) or r"(?!)")


def _near(spans: Iterator[Span]) -> Iterator[Span]:
    """Up to where no window reaches that shows the first one."""
    last = None
    for span in spans:
        last = span.start + LONGEST if last is None else last
        if span.start > last:
            return
        yield span


def _merged(spans: Iterator[Span]) -> list[Span]:
    """In order, those that touch made one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _window_start(text: str, first: int) -> int:
    """Before a word, a little ahead of the first place; the end of the text fills the window where it can."""
    if len(text) <= LONGEST:
        return 0
    earliest = max(0, min(first - LEAD, len(text) - LONGEST))
    if earliest == 0:
        return 0
    space = text.find(" ", earliest, first)
    return _whole(text, earliest) if space < 0 else space + 1


def _window_end(text: str, start: int) -> int:
    latest = start + LONGEST
    if latest >= len(text):
        return len(text)
    space = text.rfind(" ", latest - LEAD, latest + 1)
    return _whole(text, latest) if space < 0 else len(text[:space].rstrip(PUNCTUATION))


def _whole(text: str, at: int) -> int:
    """No later than here, where a character begins with all that belongs to it."""
    while at and (unicodedata.combining(text[at]) or text[at] in "\u200d\ufe0f" or text[at - 1] == "\u200d"):
        at -= 1
    return at
