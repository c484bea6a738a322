"""Reads the demo's conversations as they are written in conversations/*.txt.

- `people: noor, margit` makes a direct conversation; with `group: NAME` and `about: TEXT` it is a group of
  the first one.
- `unread: noor 2` says how many of the others' latest messages somebody has not read yet.
- `== week 5 Tue` begins a day; schedule.py knows which there are.
- `09:12 noor: TEXT` is a message; its further lines are indented by four blanks. In it,
  `{in 3 workdays}` becomes a date.
- `09:12 noor asks` makes it a priority conversation, in which the first of its people pays the second. Such steps also
  are `tops up: 50.00` and `withdraws: 50.00` (of one's wallet), `declines`, and `disputes: REASON`.
- Indented below a message, `:: reply WORDS` quotes the latest message before it with these words,
  `:: react 👍 noor, elif` is who reacted, `:: before TEXT` what stood there before it was edited,
  `:: pin noor` who pinned it, and `:: urgent` that it was paid for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LINE = re.compile(r"(?P<time>-?\d{1,2}:\d\d) (?P<sender>[a-z]+): (?P<text>.+)")
STEP = re.compile(
    r"(?P<time>-?\d{1,2}:\d\d) (?P<sender>[a-z]+) (?P<step>asks|tops up|withdraws|declines|disputes)(?:: (?P<text>.+))?"
)
INDENT, MARK = " " * 4, ":: "


@dataclass
class Line:
    """One message: under which day it stands, at what time, whose, what it says, and what became of it; or, with a
    `step`, what somebody did."""

    day: str
    time: str
    sender: str
    text: str
    reply: str | None = None
    before: str | None = None
    pinned_by: str | None = None
    level: str = "normal"
    step: str | None = None
    reactions: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Script:
    """A conversation; `unread` counts, for each person behind, the messages of others not read yet."""

    title: str
    people: list[str]
    name: str | None
    description: str | None
    unread: dict[str, int]
    lines: list[Line]

    @property
    def is_paid(self) -> bool:
        return any(line.step == "asks" for line in self.lines)


def people() -> dict[str, dict[str, Any]]:
    """The cast of people.toml by the names that the scripts use."""
    return tomllib.loads((FOLDER / "people.toml").read_text(encoding="utf-8"))


def scripts() -> list[Script]:
    """All conversations."""
    paths = sorted((FOLDER / "conversations").glob("*.txt"))
    return [parse(path.stem, path.read_text(encoding="utf-8")) for path in paths]


def parse(title: str, text: str) -> Script:
    """Read one conversation. Raises ValueError for a line that is none."""
    head, _, body = text.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    unread = (entry.split() for entry in fields.get("unread", "").split(",") if entry)
    return Script(
        title=title,
        people=fields["people"].split(", "),
        name=fields.get("group"),
        description=fields.get("about"),
        unread={person: int(count) for person, count in unread},
        lines=list(_lines(body.splitlines())),
    )


def _lines(rows: Iterable[str]) -> Iterator[Line]:
    day, line = "", None
    for row in rows:
        if row.startswith("== "):
            day = row.removeprefix("== ")
        elif match := LINE.fullmatch(row):
            if line:
                yield _complete(line)
            line = Line(day, match["time"], match["sender"], match["text"])
        elif match := STEP.fullmatch(row):
            if line:
                yield _complete(line)
            line = Line(day, match["time"], match["sender"], match["text"] or "", step=match["step"])
        elif line and row.startswith(INDENT + MARK):
            _mark(line, row.removeprefix(INDENT + MARK))
        elif line and (not row or row.startswith(INDENT)):
            line.text += "\n" + row.removeprefix(INDENT)
        else:
            raise ValueError(f"not a line of a conversation: {row!r}")
    if line:
        yield _complete(line)


def _mark(line: Line, mark: str) -> None:
    kind, _, rest = mark.partition(" ")
    if kind == "reply":
        line.reply = rest
    elif kind == "before":
        line.before = rest
    elif kind == "pin":
        line.pinned_by = rest
    elif kind in ("high", "urgent"):
        line.level = kind
    elif kind == "react":
        reaction, people = rest.split(" ", 1)
        line.reactions += [(reaction, person) for person in people.split(", ")]
    else:
        raise ValueError(f"not a mark: {mark!r}")


def _complete(line: Line) -> Line:
    line.text = line.text.rstrip()
    return line
