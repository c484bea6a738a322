"""Finding messages in one's conversations, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lumina import clock
from lumina.errors import Invalid, NotFound
from lumina.extensions import db
from lumina.models import User, search, statements, words
from lumina.services import cursors, receipts, snippets, text, views
from lumina.services.lookup import LARGEST_ID, row_id
from lumina.services.views import ConversationView, MessageView, Page

QUERY, WORDS = 200, 16
# The conversations that are looked into first, and how many times as many then, where the others may have newer ones.
RECENT, STEP = 50, 4
# Of each conversation, the volumes that are looked into first.
LATEST_VOLUMES = 2
EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Result:
    """A message with the part of it that was found; highlights are [start, end] in UTF-16 units of the snippet."""

    view: MessageView
    snippet: str
    highlights: list[list[int]]


@dataclass(slots=True)
class Wanted:
    """What must be found, and between which times and ids."""

    prefixes: list[str]
    marks: list[str]
    values: dict[str, Any]

    def beside(self, found: list[int], actor: User, volumes: list[str], most: int) -> tuple[list[int], int]:
        """The newest of what is found already and of these volumes; and the id above which anything further would be."""
        above = found[-1] if len(found) == most else 0
        newest = sorted([*found, *self._among(actor, volumes, most, above)], reverse=True)[:most]
        return newest, newest[-1] if len(newest) == most else 0

    def _among(self, actor: User, volumes: list[str], most: int, above: int) -> list[int]:
        """The ids of the newest messages of these volumes that the actor may see, all above one."""
        if not volumes:
            return []
        dialect = db.engine.dialect.name
        given = {
            "pattern": search.pattern(dialect, self.prefixes, self.marks, volumes),
            "volumes": volumes,
            "viewer": actor.id,
            "now": clock.now(),
            "most": most,
            "above": above,
        }
        return list(db.session.scalars(search.FIND[dialect], self.values | given))


def find(
    actor: User,
    query: str | None = None,
    *,
    conversation_id: str | None = None,
    sender_id: str | None = None,
    has: str | None = None,
    before: datetime | None = None,
    after: datetime | None = None,
    cursor: str | None = None,
    limit: int = 20,
) -> Page[Result]:
    """Messages with words that begin like each of the query's, of a sender, with a file, link or voice.

    Only what the actor may see now. Raises Invalid, NotFound.
    """
    query = text.optional(query, "query", QUERY) or ""
    if not (query or sender_id or has):
        raise Invalid.field("query", "Say what to search for.")
    values = {
        "below": cursors.decode(cursor, cursors.number)[0] if cursor else LARGEST_ID,
        "before": before or LATEST,
        "after": after or EARLIEST,
    }
    wanted = Wanted(words.asked(query)[:WORDS], _marks(sender_id, has), values)
    own = _own(actor, conversation_id)
    found = _newest(actor, wanted, own, limit + 1) if wanted.prefixes or not query else []
    page = found[:limit]
    return Page(_results(actor, page, query), cursors.encode(page[-1]) if len(found) > limit else None)


def _marks(sender_id: str | None, has: str | None) -> list[str]:
    written_by = [search.written_by(row_id(sender_id))] if sender_id else []
    return written_by + ([search.MARKS[has]] if has else [])


def _own(actor: User, conversation_id: str | None) -> list[Any]:
    """The conversation to look into, or the latest ones of all. Raises NotFound."""
    if conversation_id is None:
        return _mine(actor, most=_known())
    row = db.session.execute(search.ONE_OF_MINE, {"viewer": actor.id, "of": row_id(conversation_id)}).first()
    if row is None:
        raise NotFound
    return [row]


def _mine(actor: User, *, most: int, above: int = 0, before: int = LARGEST_ID) -> list[Any]:
    """The actor's conversations whose last message is between two ids."""
    values = {"viewer": actor.id, "most": most, "after_message": above, "before_message": before}
    return list(statements.run(search.MINE, values).all())


def _newest(actor: User, wanted: Wanted, own: list[Any], most: int) -> list[int]:
    """What the latest volumes hold, of more and more conversations, as long as the next may have something newer than the
    last of that; and then what the earlier volumes have."""
    found: list[int] = []
    at, step, above = 0, RECENT, 0
    while at < len(own) and own[at].last_message_id > above:
        volumes = _volumes(own[at : at + step], slice(None, LATEST_VOLUMES))
        found, above = wanted.beside(found, actor, volumes, most)
        at, step = at + step, step * STEP
        if at == len(own) == _known() and own[-1].last_message_id > above:
            own += _mine(actor, most=LARGEST_ID, above=above, before=own[-1].last_message_id)
    earlier = [row for row in own if row.older_message_id > above]
    return wanted.beside(found, actor, _volumes(earlier, slice(LATEST_VOLUMES, None)), most)[0]


def _known() -> int:
    """How many conversations are asked for at once: those of the first two looks."""
    return RECENT + RECENT * STEP


def _volumes(conversations: list[Any], which: slice) -> list[str]:
    """Of each conversation some of its volumes, counted from the latest."""
    return [
        search.volume(row.id, number)
        for row in conversations
        for number in range(search.volume_at(row.last_position), -1, -1)[which]
    ]


def places(actor: User, results: Sequence[Result]) -> list[ConversationView]:
    """The conversations of these results, as the actor sees them."""
    ids = {result.view.message.conversation_id for result in results}
    return (
        views.conversations(statements.conversations.CONVERSATIONS, actor.id, ids=sorted(ids)) if ids else []
    )


def _results(actor: User, ids: list[int], query: str) -> list[Result]:
    if not ids:
        return []
    found = views.messages(statements.messages.MESSAGES, ids=ids)
    receipts.stand(actor, found)
    found.sort(key=lambda view: view.message.id, reverse=True)
    return [Result(view, *snippets.snippet(view.message.content, query)) for view in found]
