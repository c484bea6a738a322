"""Who is named in a message, and whom one may name while writing it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Text, bindparam, or_, select, true

from lumina.errors import NotFound
from lumina.extensions import db
from lumina.models import User, statements
from lumina.models.types import folded
from lumina.services import text
from lumina.services.lookup import row_id
from lumina.services.views import Person, Sender

QUERY, SHOWN, MOST = 200, 8, 50
LONGEST_NAME, LONGEST_IN_WORDS = 161, 6
# Not within a word, as in an address; and nobody's name begins with a space.
SIGN = re.compile(r"(?<!\w)@(?=\S)")
WORD = re.compile(r"[^\S\n]*(\S+)")
PART = re.compile(r"\w+")

_users, _members = statements.tables.users, statements.tables.memberships
_here = _members.c.conversation_id == bindparam("of")
_found = (
    select(_users.c.id, _users.c.first_name, _users.c.last_name, _users.c.photo_key, _users.c.name_key)
    .join(_members, _members.c.user_id == _users.c.id)
    .where(
        _here,
        _users.c.id != bindparam("viewer"),
        or_(
            _users.c.name_key.like(bindparam("beginning", type_=Text), escape="/"),
            _users.c.name_key.like(bindparam("within", type_=Text), escape="/"),
        ),
    )
    .order_by(_users.c.name_key, _users.c.id)
    .limit(SHOWN)
    .subquery()
)
# The outer join tells a member who finds nobody from somebody who is no member.
MENTIONABLE = (
    select(_found.c.id, _found.c.first_name, _found.c.last_name, _found.c.photo_key)
    .select_from(_members.outerjoin(_found, true()))
    .where(_here, _members.c.user_id == bindparam("viewer"))
    .order_by(_found.c.name_key, _found.c.id)
)
NAMED = (
    select(_users.c.id, _users.c.name_key)
    .join(_members, _members.c.user_id == _users.c.id)
    .where(
        _here,
        _users.c.name_key.in_(bindparam("names", expanding=True)),
    )
    .order_by(_users.c.id)
)


class Candidate(NamedTuple):
    written: str
    name_key: str


def mentionable(actor: User, conversation_id: str, query: str | None) -> list[Person]:
    """Members other than the actor with a word in their name that begins like this. Raises NotFound, Invalid."""
    beginning = statements.like(folded(text.optional(query, "query", QUERY) or ""))
    words = {"beginning": f"{beginning}%", "within": f"% {beginning}%"}
    rows = db.session.execute(MENTIONABLE, {"of": row_id(conversation_id), "viewer": actor.id, **words}).all()
    if not rows:
        raise NotFound
    return [Sender(*row) for row in rows if row.id is not None]


def named_in(conversation_id: int, content: str) -> list[tuple[int, str]]:
    """The members whom "@First Last" names, each with the name as it is written there, in order."""
    places = [list(_candidates(content, sign.end())) for sign in islice(SIGN.finditer(content), MOST)]
    names = sorted({candidate.name_key for place in places for candidate in place})
    if not names:
        return []
    ids: dict[str, list[int]] = {}
    for user_id, name_key in db.session.execute(NAMED, {"of": conversation_id, "names": names}):
        ids.setdefault(name_key, []).append(user_id)
    return list(dict.fromkeys(found for place in places for found in _named(place, ids)))


def _candidates(content: str, start: int) -> Iterator[Candidate]:
    """What may be a name from here on, longest first: "Ann Lee," is "Ann Lee," and "Ann Lee" and "Ann"."""
    end, ends = start, []
    for _ in range(LONGEST_IN_WORDS):
        word = WORD.match(content, end)
        if word is None:
            break
        end = word.end()
        ends += [*(part.end() for part in PART.finditer(content, word.start(1), end)), end]
    for end in sorted({end for end in ends if end - start <= LONGEST_NAME}, reverse=True):
        written = content[start:end]
        yield Candidate(written, folded(written))


def _named(place: list[Candidate], ids: dict[str, list[int]]) -> list[tuple[int, str]]:
    for candidate in place:
        if found := ids.get(candidate.name_key):
            return [(user_id, candidate.written) for user_id in found]
    return []
