"""A message's text as HTML, and as the plain words of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from markdown_it.token import Token
from markupsafe import Markup, escape

from lumina.presenters import shapes
from lumina.presenters.markup import rendering, words
from lumina.presenters.markup.links import TLDS
from lumina.presenters.markup.mentions import Mentions
from lumina.presenters.markup.parser import parser
from lumina.presenters.markup.sanitising import cleaner

ITEM = r"^[ \t]*(?:[-*]|\d{1,3}[.)])[ \t]"
ADDRESS = rf"://|\.(?:{'|'.join(TLDS)})(?!\w)"
# A text without any of these is shown as it is.
MARK = re.compile(rf"[*_`~\\]|\]\(|^[ \t]*>|{ITEM}|{ADDRESS}", re.IGNORECASE | re.MULTILINE)
# With very many of these it is no prose, and reading it would take long; an address takes as long as several marks.
COSTLY = re.compile(rf"[*_`~\[\]>@:\\]|{ITEM}", re.MULTILINE)
VERY_COSTLY, TIMES = re.compile(ADDRESS, re.IGNORECASE), 4
MOST = 1_000
PLAIN_KEPT = 4_096


def content(text: str, mentions: Sequence[shapes.Mention] = ()) -> Markup:
    """A message's text. Spaces and line breaks stay as they are; CSS shows them."""
    if not (mentions or MARK.search(text)) or _is_costly(text):
        return escape(text)
    return Markup(cleaner.clean(rendering.render(_parsed(text, Mentions(mentions)))))


def plain(text: str) -> str:
    """The words without their marks, in one line: for previews, quotes, notifications."""
    return _plain(text) if MARK.search(text) else one_line(text)


def one_line(text: str) -> str:
    """The text as it was typed, in one line."""
    return " ".join(text.split())


@lru_cache(maxsize=PLAIN_KEPT)
def _plain(text: str) -> str:
    said = "" if _is_costly(text) else one_line(words.said(_parsed(text, Mentions())))
    return said or one_line(text)


def _parsed(text: str, mentions: Mentions) -> list[Token]:
    return parser.parse(text, {"mentions": mentions})


def _is_costly(text: str) -> bool:
    if len(text) <= MOST:
        return False
    return len(COSTLY.findall(text)) + TIMES * len(VERY_COSTLY.findall(text)) > MOST
