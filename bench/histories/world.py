"""Who is there, and who talks with whom how much: all of it from one seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from lumina.models.conversations import direct_key

FIRST = "Mara Jonas Lena Noor Ruth Emil Zoë Tomás Yara Sven Aiko Chen Ivo Petra Omar Nina Luca Hana Rosa Finn"
LAST = "Ellison Novak Berg Marsh Okafor Lindt Sato Weber Costa Dahl Kline Moreau Ortiz Quist Rhee Stone"

# The people and conversations that are measured, where they stand.
BUSY, CROWD, LONGEST = 1, 1, 2
MANY, LARGEST_GROUP = 5000, 5000
IN_PAIRS = 0.7


@dataclass(slots=True)
class Talk:
    """A conversation while it is being written: how many messages it gets, and how far it is."""

    id: int
    type: str
    members: list[int]
    size: int
    name: str | None = None
    key: str | None = None
    version: int = 0
    said: int = 0
    # (position, id, time) of its last message, of the one before the last burst, and of one about the middle.
    last: tuple[int, int | None, str | None] = (0, None, None)
    earlier: tuple[int, int | None, str | None] = (0, None, None)
    middle: tuple[int, int | None, str | None] = (0, None, None)
    present: set[int] = field(default_factory=set)


def people(count: int) -> Iterator[tuple[int, str, str]]:
    """(id, first name, last name) of everybody."""
    first, last = FIRST.split(), LAST.split()
    for number in range(1, count + 1):
        yield number, first[number % len(first)], f"{last[number % len(last)]} {number}"


def talks(random: Random, conversations: int, messages: int, persons: int) -> list[Talk]:
    """All conversations: the first is the crowd's, the second the longest, and many of the others are the busy one's.

    Sizes fall with the rank, so that of 10 million messages the longest has some 200,000 and half of them about 20 or less.
    """
    sizes = _sizes(conversations, messages)
    # The crowd has the second place, the longest the first; where the others stand is chance.
    places = sizes[2:]
    random.shuffle(places)
    # Those who came last are in as many conversations as most.
    both = [persons - 1, persons]
    crowd = _group(CROWD, _crowd(random, persons, both), sizes[1])
    longest = Talk(LONGEST, "direct", both, sizes[0], key=direct_key(*both))
    pairs = {longest.key}
    found = [crowd, longest]
    busy = min(MANY, conversations // 20)
    for number, size in enumerate(places, start=3):
        others = _others(random, persons, busy=number <= busy + 2)
        if len(others) == 2 and (key := direct_key(*others)) not in pairs:
            pairs.add(key)
            found.append(Talk(number, "direct", others, size, key=key))
        else:
            extra = 1 + min(int(random.expovariate(1 / 5)), 60)
            if random.random() < 0.002:
                extra *= 40
            members = dict.fromkeys([*others, *(_somebody(random, persons) for _ in range(extra))])
            found.append(_group(number, list(members), size))
    return found


def _sizes(conversations: int, messages: int) -> list[int]:
    """Each at least one, falling with the rank, all of them together the messages."""
    total = sum(1 / (rank + 5) for rank in range(conversations))
    spare = messages - conversations
    sizes = [1 + int(spare / (rank + 5) / total) for rank in range(conversations)]
    sizes[-1] += messages - sum(sizes)
    return sizes


def _crowd(random: Random, persons: int, both: list[int]) -> list[int]:
    """The members of the largest group, these two among them."""
    count = min(LARGEST_GROUP, max(3, persons // 4))
    return [*both, *sorted(random.sample(range(2, persons - 1), count - 2))]


def _group(number: int, members: list[int], size: int) -> Talk:
    return Talk(number, "group", members, size, name=f"Circle {number}")


def _others(random: Random, persons: int, *, busy: bool) -> list[int]:
    """Two people, of whom one is the busy one for so many conversations."""
    one = BUSY if busy else _somebody(random, persons)
    other = one
    while other == one:
        other = _somebody(random, persons)
    return [one, other] if random.random() < IN_PAIRS else [one, other, _somebody(random, persons)]


def _somebody(random: Random, persons: int) -> int:
    """Some people are in many more conversations than others."""
    return 2 + int((persons - 1) * random.random() ** 1.3)
