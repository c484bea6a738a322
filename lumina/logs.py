"""The log: one line for each thing told, as JSON for programs or as text for people, on standard error.

What is told within a request or a client's event bears its id and that of the person behind it. No line has what people
write, nor tokens, cookies, mail addresses or query strings: whoever logs gives ids, and exceptions are told by
scrubbing.py. The standard library does all of it in a few lines; a library would only put another API in front of it.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from lumina import metrics, scrubbing
from lumina.config import Config

SANE_ID = re.compile(r"[A-Za-z0-9][\w.:-]{0,127}", re.ASCII)
# Others tell much, some of them what goes over the wire; the pool of lumina.extensions speaks in SQLAlchemy's way.
OTHERS = {
    "": logging.WARNING,
    "alembic.runtime.migration": logging.INFO,
    "lumina.extensions": logging.WARNING,
}


@dataclass(slots=True)
class Around:
    """Within which request or event something happens, and who is behind it."""

    request_id: str
    user_id: int | None = None


_around: ContextVar[Around | None] = ContextVar("around", default=None)


def begin(given: str | None = None) -> Around:
    """From here on every line bears this id, where it is a sane one, or one made for it."""
    is_sane = given is not None and SANE_ID.fullmatch(given)
    around = Around(given if given and is_sane else secrets.token_hex(8))
    _around.set(around)
    return around


def end() -> None:
    """What comes now belongs to no request."""
    _around.set(None)


@contextmanager
def within() -> Iterator[Around]:
    """A block with an id of its own."""
    before = _around.get()
    try:
        yield begin()
    finally:
        _around.set(before)


def around() -> Around | None:
    return _around.get()


def acting(user_id: int) -> None:
    """This person is behind the request or the event."""
    if found := _around.get():
        found.user_id = user_id


def set_up(config: Config) -> None:
    """Have everything told as the configuration says. What an app before has set up goes."""
    handler = _Handler(sys.stderr)
    handler.setFormatter(_Json() if config.log_format == "json" else _Text(config.development))
    root = logging.getLogger()
    for earlier in [known for known in root.handlers if isinstance(known, _Handler)]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    for name, level in OTHERS.items():
        logging.getLogger(name).setLevel(level)
    logging.getLogger("lumina").setLevel(config.log_level.upper())


class _Handler(logging.StreamHandler[Any]):
    """Ours among the root's handlers; counts what tells of trouble."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            metrics.log_lines.labels(record.levelname.lower()).inc()
        super().emit(record)


def _members(record: logging.LogRecord) -> dict[str, Any]:
    """What a line has besides its words: whose it is, and the fields it was given."""
    members: dict[str, Any] = {}
    if found := _around.get():
        members["request_id"] = found.request_id
        if found.user_id is not None:
            members["user_id"] = found.user_id
    return members | getattr(record, "fields", {})


class _Json(logging.Formatter):
    """{"time", "level", "logger", "message", "request_id", "user_id", …, "exception"}"""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        text = record.getMessage()
        line = {
            "time": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrubbing.words(text) if record.args else text,
            **_members(record),
        }
        if record.exc_info and record.exc_info[1]:
            line["exception"] = scrubbing.trace(record.exc_info[1])
        return orjson.dumps(line, default=str).decode()


class _Text(logging.Formatter):
    """The same for whoever looks on. In development it has the links of mails, since nobody else delivers them."""

    def __init__(self, shows_links: bool) -> None:
        super().__init__()
        self.shows_links = shows_links

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone()
        text = record.getMessage() if self.shows_links else scrubbing.words(record.getMessage())
        members = "".join(f" {name}={value}" for name, value in _members(record).items())
        text = "\\n".join(text.splitlines())
        line = f"{at:%H:%M:%S.%f} {record.levelname} {record.name}: {text}{members}"
        if record.exc_info and record.exc_info[1]:
            line += "\n" + scrubbing.trace(record.exc_info[1])
        return line
