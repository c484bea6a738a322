"""The list of somebody's conversations, under a filter and by names; built once, as all statements of reading."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Select, Text, and_, bindparam, func, or_, select, tuple_, union_all

from lumina.models.statements.conversations import IS_UNREAD, SEEN
from lumina.models.statements.tables import MOST, conversations, memberships, users
from lumina.models.types import BigId, UtcDateTime

# Of so many conversations, the latest, each is asked for whom it is with; more than nearly anybody has.
RECENT = 300
FILTERS = {
    "all": ~memberships.c.archived,
    "archived": memberships.c.archived,
    "unread": ~memberships.c.archived & IS_UNREAD,
    "groups": ~memberships.c.archived & (conversations.c.type == "group"),
    "priority": ~memberships.c.archived & (conversations.c.type == "priority_dm"),
}


@cache
def conversation_list(filter: str, words: int, paged: bool) -> Select[Any]:
    """The list under a filter, latest activity first; `word0`, `word1`… are to be found, and a page begins after
    (`active_at`, `id`).

    A page of ids first, and only of these what a row shows: SQLite would work that out for all of them, then sort.
    """
    own = (
        select(conversations.c.id, conversations.c.active_at, conversations.c.name_key)
        .join(memberships, memberships.c.conversation_id == conversations.c.id)
        .where(memberships.c.user_id == bindparam("viewer"), FILTERS[filter])
        .order_by(*_latest_first(conversations))
    )
    if paged:
        last = bindparam("active_at", type_=UtcDateTime()), bindparam("id", type_=BigId)
        own = own.where(tuple_(conversations.c.active_at, conversations.c.id) < tuple_(*last))
    found = _by_names(own, words) if words else own.with_only_columns(conversations.c.id).limit(MOST)
    page = found.subquery("page")
    shown = SEEN.join(page, page.c.id == conversations.c.id)
    return shown.order_by(*_latest_first(conversations)).limit(MOST)


def _by_names(own: Select[Any], words: int) -> Any:
    """Of somebody's conversations those that all the words name: among the recent ones, asking each whom it is with, and
    where these do not fill the page, among the others, by the people of all there are whom the words name."""
    found = _named(own.limit(RECENT).subquery("recent"), words, _is_with).cte("found")
    is_short = select(func.count()).select_from(found).scalar_subquery() < MOST
    others = _named(own.where(is_short).offset(RECENT).subquery("others"), words, _is_of)
    return union_all(select(found.c.id), select(others.subquery().c.id))


def _named(some: Any, words: int, is_with: Callable[[Any, Any], Any]) -> Select[Any]:
    """A page of these conversations, with each word in the group's name or in that of one other member."""
    page = select(some.c.id).order_by(*_latest_first(some)).limit(MOST)
    for number in range(words):
        word = bindparam(f"word{number}", type_=Text)
        page = page.where(or_(_has(some.c.name_key, word), is_with(some.c.id, word)))
    return page


def _is_with(conversation_id: Any, word: Any) -> Any:
    """Whether one of its members is meant: costs what it has of them. Not as EXISTS, of which PostgreSQL makes _is_of."""
    others = memberships.alias()
    meant = select(users.c.id).join(others, others.c.user_id == users.c.id)
    one = meant.where(others.c.conversation_id == conversation_id, _is_meant(word)).limit(1)
    return one.scalar_subquery().is_not(None)


def _is_of(conversation_id: Any, word: Any) -> Any:
    """The same by all conversations of all who are meant: costs what there are of those, and all names once."""
    others = memberships.alias()
    is_meant = others.c.user_id.in_(select(users.c.id).where(_is_meant(word)))
    return conversation_id.in_(select(others.c.conversation_id).where(is_meant))


def _is_meant(word: Any) -> Any:
    return and_(users.c.id != bindparam("viewer"), _has(users.c.name_key, word))


def _has(name_key: Any, word: Any) -> Any:
    return name_key.contains(word, autoescape=False, escape="/")


def _latest_first(of: Any) -> tuple[Any, Any]:
    return of.c.active_at.desc(), of.c.id.desc()
