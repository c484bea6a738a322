"""What may be told of an exception, in the log and to whoever collects faults: where it came from, and of its own words
only those that speak of code and servers. What people wrote, or proved themselves by, is in none."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator

from sqlalchemy.exc import DataError, SQLAlchemyError

from lumina.errors import LuminaError

# Whose words are about code or servers. Others, such as ValueError and KeyError, quote what they were given.
TOLD = (
    AttributeError,
    ImportError,
    LuminaError,
    NameError,
    OSError,
    RecursionError,
    RuntimeError,
    SQLAlchemyError,
    TypeError,
)
UNTOLD = (DataError, RecursionError)
LONGEST = 300
_SECRETS = (
    (re.compile(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;:]+\.\w+"), "[mail]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), "[token]"),
    (re.compile(r"\b(Bearer|Basic) +[^\s\"']+", re.IGNORECASE), r"\1 [token]"),
    (re.compile(r"(://)[^\s/@]+@"), r"\1"),
    (re.compile(r"(?<=[\w/=-])\?[^\s\"']*=[^\s\"']*"), "?[query]"),
    # What the databases quote of a search or of a value that they cannot read.
    (re.compile(r"\b(near|tsquery|syntax for type [\w ]+)(:? *)\".*"), r"\1\2[text]"),
)


def words(text: str) -> str:
    """A text of ours without the mail addresses, tokens and query strings that may be in it."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def message(error: BaseException) -> str:
    """What may be told of an exception's own words: the first line, since databases add the rows that they refuse."""
    if isinstance(error, UNTOLD) or not isinstance(error, TOLD):
        return "[its words are withheld]"
    return words(str(error).partition("\n")[0])[:LONGEST]


def chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and what led to it, the first cause last."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        hidden = None if following.__suppress_context__ else following.__context__
        following = following.__cause__ or hidden


def trace(error: BaseException) -> str:
    """An exception with its causes, the first of them first, and the lines of code that they went through."""
    parts = []
    for one in reversed(list(chain(error))):
        frames = "".join(traceback.format_tb(one.__traceback__))
        parts.append(f"{frames}{type(one).__module__}.{type(one).__qualname__}: {message(one)}")
    return "\nthen:\n".join(parts)
