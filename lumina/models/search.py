"""What messages are found by: one text of terms for SQLite's FTS5 and PostgreSQL's full text alike.

Each term begins with its conversation ("12:word"), so that a search costs what the conversation holds, however much
there is elsewhere. A long conversation comes in volumes ("12v3:word"), so that what is common in it is found in the
latest of them. A doubled colon marks a term that no word can be: "12::u5", written by person 5, or "12::link".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Index,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    delete,
    exists,
    func,
    or_,
    select,
    table,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from lumina.extensions import db
from lumina.models import words
from lumina.models.statements.tables import MOST, conversations, hidden, memberships, messages
from lumina.models.types import BigId, UtcDateTime

LINK = re.compile(r"https?://\S", re.IGNORECASE)

# On SQLite a virtual table, which the migration makes and whose rowid is the message.
message_terms = Table(
    "message_terms",
    db.metadata,
    Column("message_id", BigId, primary_key=True, autoincrement=False),
    Column("terms", TSVECTOR, nullable=False),
    # Direct entries: a list of pending ones would be read through for every conversation searched.
    Index("ix_message_terms_terms", "terms", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
)
_fts = table("message_terms", column("rowid", BigId), column("message_terms"))


# How many positions of a conversation share their terms' beginning.
VOLUME = 8192
MARKS = {"file": ":file", "link": ":link", "voice": ":voice"}


def volume(conversation_id: int, number: int) -> str:
    """How the terms of a conversation's volume begin; the first bears no number."""
    return f"{conversation_id}v{number}" if number else str(conversation_id)


def volume_at(position: int) -> int:
    """The number of the volume that a position is in."""
    return (position - 1) // VOLUME


def written_by(user_id: int) -> str:
    """The mark of what somebody has written."""
    return f":u{user_id}"


def terms(message: Any, file_names: Iterable[str] = ()) -> str:
    """All that a message is found by, each term once."""
    found = dict.fromkeys(words.written(message.content))
    found[written_by(message.sender_id)] = None
    for name in file_names:
        found |= dict.fromkeys((MARKS["file"], *words.written(name)))
    if LINK.search(message.content):
        found[MARKS["link"]] = None
    if message.type == "voice":
        found[MARKS["voice"]] = None
    # Migration 0003 knows no positions; 0010 puts right what it has put into the first volume.
    of = volume(message.conversation_id, volume_at(getattr(message, "position", 1)))
    return " ".join(f"{of}:{term}" for term in found)


PUT = {
    "sqlite": text("REPLACE INTO message_terms (rowid, terms) VALUES (:id, :terms)"),
    "postgresql": text(
        "INSERT INTO message_terms (message_id, terms)"
        " VALUES (:id, array_to_tsvector(string_to_array(:terms, ' ')))"
        " ON CONFLICT (message_id) DO UPDATE SET terms = excluded.terms"
    ),
}
_ids: Any = bindparam("ids", expanding=True)
DROP = {
    "sqlite": delete(_fts).where(_fts.c.rowid.in_(_ids)),
    "postgresql": delete(message_terms).where(message_terms.c.message_id.in_(_ids)),
}

# Whose search it is, and what is left of what the terms find. Ids are given in the order of time.

# Of a conversation the two latest volumes are looked into first: the newest message of all others, if there are any.
_others_end = (((conversations.c.last_position - 1) // VOLUME) - 1) * VOLUME
_older = (
    select(messages.c.id)
    .where(messages.c.conversation_id == conversations.c.id, messages.c.position <= _others_end)
    .order_by(messages.c.position.desc())
    .limit(1)
    .correlate(conversations)
    .scalar_subquery()
)
_mine: Select[Any] = (
    select(
        conversations.c.id,
        func.coalesce(conversations.c.last_message_id, 0).label("last_message_id"),
        conversations.c.last_position,
        func.coalesce(case((_others_end > 0, _older)), 0).label("older_message_id"),
    )
    .join(memberships, memberships.c.conversation_id == conversations.c.id)
    .where(memberships.c.user_id == bindparam("viewer"))
)
ONE_OF_MINE = _mine.where(conversations.c.id == bindparam("of"))
MINE = (
    _mine.where(
        conversations.c.last_message_id > bindparam("after_message", type_=BigId),
        conversations.c.last_message_id < bindparam("before_message", type_=BigId),
    )
    .order_by(conversations.c.last_message_id.desc())
    .limit(MOST)
)
_below, _above = bindparam("below", type_=BigInteger), bindparam("above", type_=BigInteger)
_visible = and_(
    messages.c.created_at >= bindparam("after", type_=UtcDateTime()),
    messages.c.created_at < bindparam("before", type_=UtcDateTime()),
    messages.c.deleted_at.is_(None),
    messages.c.expired_at.is_(None),
    or_(messages.c.expires_at.is_(None), messages.c.expires_at > bindparam("now", type_=UtcDateTime())),
    exists().where(
        memberships.c.conversation_id == messages.c.conversation_id,
        memberships.c.user_id == bindparam("viewer"),
    ),
    ~exists().where(hidden.c.message_id == messages.c.id, hidden.c.user_id == bindparam("viewer")),
)


def _on_sqlite() -> Select[Any]:
    """All volumes in one expression: FTS5 goes backwards through them and stops where the page is full."""
    return (
        select(messages.c.id)
        .select_from(_fts.join(messages, messages.c.id == _fts.c.rowid))
        .where(
            _fts.c.message_terms.op("MATCH")(bindparam("pattern", type_=Text)),
            _fts.c.rowid < _below,
            _fts.c.rowid > _above,
            _visible,
        )
        .order_by(_fts.c.rowid.desc())
        .limit(MOST)
    )


def _on_postgresql() -> Select[Any]:
    """One volume after another: a page of each, and of these the newest.

    The planner cannot know how few messages a pattern finds. So they are ordered and bounded by a sum, where it might walk
    through all of them backwards or gather all between the bounds, and each is looked at by itself, where it might read
    through all of them at once.
    """
    given = func.unnest(bindparam("volumes", type_=ARRAY(Text)))
    own = given.table_valued(column("volume", Text), name="own").render_derived()
    wanted = cast(func.replace(bindparam("pattern", type_=Text), "#", own.c.volume), TSQUERY)
    place = (message_terms.c.message_id + 0).label("place")
    found = (
        select(place)
        .where(
            message_terms.c.terms.op("@@")(wanted),
            place < _below,
            place > _above,
        )
        .order_by(place.desc())
        .correlate(own)
        .subquery("found")
    )
    is_visible = select(true()).where(messages.c.id == found.c.place, _visible).correlate(found)
    page = (
        select(found.c.place)
        .where(is_visible.scalar_subquery())
        .order_by(found.c.place.desc())
        .limit(MOST)
        .lateral("page")
    )
    newest = page.c.place.desc()
    return select(page.c.place).select_from(own).join(page, true()).order_by(newest).limit(MOST)


FIND = {"sqlite": _on_sqlite(), "postgresql": _on_postgresql()}


# How the engines ask for the beginning of a word, for a mark, and for all of them; # stands for the volume.
_ASKED = {"sqlite": ('"#:{}" *', '"#:{}"', " AND "), "postgresql": ("'#:{}':*", "'#:{}'", " & ")}


def pattern(dialect: str, prefixes: Iterable[str], marks: Iterable[str], of: Iterable[str]) -> str:
    """What FIND asks for: on SQLite in any of the volumes, on PostgreSQL in each of those given besides."""
    beginning, mark, both = _ASKED[dialect]
    asked = both.join([*map(beginning.format, prefixes), *map(mark.format, marks)])
    return asked if dialect == "postgresql" else " OR ".join(f"({asked.replace('#', one)})" for one in of)
