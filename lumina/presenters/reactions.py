"""Reactions as they are shown: together by emoji, in the order of first use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from lumina.presenters import shapes, wire
from lumina.services.reactions import Reactors


class Pill(NamedTuple):
    """An emoji below a bubble, and who put it there."""

    emoji: str
    user_ids: list[str]


class Group(NamedTuple):
    """Who reacted with an emoji; `more` is how many are not named."""

    emoji: str
    people: list[tuple[shapes.Person, str]]
    more: int


def pills(reactions: Iterable[shapes.Reaction]) -> list[Pill]:
    """The pills of a message, whose reactions come in the order in which they were left."""
    found: dict[str, list[str]] = {}
    for reaction in reactions:
        found.setdefault(reaction["reaction"], []).append(reaction["userId"])
    return [Pill(emoji, user_ids) for emoji, user_ids in found.items()]


def groups(reactors: Iterable[Reactors]) -> list[Group]:
    """Who reacted with what and when, each of them with the time as the wire has it."""
    return [
        Group(
            each.reaction,
            [(wire.person(person), wire.time(moment)) for person, moment in each.named],
            each.count - len(each.named),
        )
        for each in reactors
    ]
