"""A text as the words that are searched for: one rule for what is written and for what is asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lumina.models.types import unaccented

LONGEST = 40
# Thai, Lao, Burmese, Khmer, Chinese, Japanese and Korean: no spaces between words, or endings glued to them.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3"
    "\U00020000-\U0003ffff"
)
# In the scripts of India signs that are no letters stand within words.
_INDIC = "\u0900-\u0963\u0966-\u0dff"
_SIGNS = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001f3fa\U0001f400-\U0001faff"
_TOKEN = re.compile(
    rf"(?P<run>[{_UNSPACED}]+)|(?P<word>(?:[^\W_{_UNSPACED}]|[{_INDIC}])+)|(?P<sign>[{_SIGNS}])"
)
# Letters that carry their stroke or partner within themselves, so that no accent can be taken off.
_ALIKE = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
    | {"\u00ad": ""}
)


def fold(text: str) -> str:
    """`text` without case, accents and other ways of writing the same."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unaccented(text).translate(_ALIKE))


def tokens(folded: str) -> Iterator[re.Match[str]]:
    """The words, signs, and runs of a script without spaces in a folded text, with their places."""
    return _TOKEN.finditer(folded)


def written(text: str) -> Iterator[str]:
    """What a text is found by: its words, and each character of a run together with its successor."""
    for token in tokens(fold(text)):
        found = token[0]
        if token.lastgroup == "run":
            yield from (found[at : at + 2] for at in range(len(found)))
        else:
            yield found[:LONGEST]


def asked(text: str) -> list[str]:
    """The beginnings of words that must all be found where this is searched for, each once."""
    found: dict[str, None] = {}
    for token in tokens(fold(text)):
        found |= dict.fromkeys(pairs(token[0]) if token.lastgroup == "run" else [token[0][:LONGEST]])
    return list(found)


def pairs(run: str) -> list[str]:
    """What finds a run: all its pairs of neighbours, or its one character."""
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]
