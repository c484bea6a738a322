"""Processes commit in one order and may tell in another: acts on messages are done in the order of their versions.

Of one conversation, a version that comes too early waits for its predecessor, and whatever its sender says of the same
conversation waits behind it. What is overdue goes: a process that died has told nothing, and clients ask for what they
miss when they see the gap.
"""

from __future__ import annotations

import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

log = logging.getLogger(__name__)
# Seconds that an early version waits, and so much for the first one that is heard of a conversation: nobody knows yet
# whether it is early.
LONGEST, FIRST = 0.5, 0.03
# Conversations whose newest version is remembered.
MOST = 50_000

Act = tuple[str, dict[str, Any]]


@dataclass
class Queue:
    """What one process has told of one conversation, and waits."""

    acts: deque[Act] = field(default_factory=deque)
    until: float = 0.0


def conversation_of(act: str, arguments: dict[str, Any]) -> tuple[int | None, int | None]:
    """The conversation whose order an act keeps, and the version of its messages that it tells."""
    if act != "emit":
        return arguments.get("conversation_id"), None
    payload = arguments["payload"]
    if "version" in payload:
        return int(payload["conversationId"]), payload["version"]
    if "conversation" in payload:
        return int(payload["conversation"]["id"]), None
    return None, None


class Versions:
    """The order of all conversations, as one process hears of them."""

    def __init__(self, perform: Callable[[str, dict[str, Any]], None]) -> None:
        self._perform = perform
        self._newest: OrderedDict[int, int] = OrderedDict()
        self._early: dict[int, dict[str, Queue]] = {}

    def take(self, sender: str, acts: Iterable[Act]) -> None:
        """Do what a process has told, or let it wait."""
        touched = set()
        for act, arguments in acts:
            of, version = conversation_of(act, arguments)
            if of is None or self._has_its_turn(sender, of, version):
                self._do(act, arguments, of, version)
            else:
                queue = self._early.setdefault(of, {}).setdefault(sender, Queue())
                if not queue.acts:
                    queue.until = monotonic() + (LONGEST if of in self._newest else FIRST)
                queue.acts.append((act, arguments))
            if of in self._early:
                touched.add(of)
        # Only now: what stands behind in the same batch, such as a removal, belongs to what came before it.
        for of in touched:
            self._go_on(of)

    @property
    def waits(self) -> bool:
        """Whether anything does."""
        return bool(self._early)

    def hurry(self) -> None:
        """Let go what is overdue."""
        now = monotonic()
        for of, queues in list(self._early.items()):
            overdue = [conversation_of(*queue.acts[0])[1] for queue in queues.values() if queue.until <= now]
            for version in sorted(version for version in overdue if version is not None):
                self._remember(of, max(version - 1, self._newest.get(of, 0)))
                self._go_on(of)

    def _has_its_turn(self, sender: str, of: int, version: int | None) -> bool:
        if sender in self._early.get(of, ()):
            return False
        return version is None or version <= self._newest.get(of, 0) + 1

    def _go_on(self, of: int) -> None:
        """Do what waits no longer for anything."""
        queues = self._early.get(of, {})
        went_on = True
        while went_on:
            went_on = False
            for sender, queue in list(queues.items()):
                while queue.acts and self._is_next(of, queue.acts[0]):
                    act, arguments = queue.acts.popleft()
                    self._do(act, arguments, *conversation_of(act, arguments))
                    went_on = True
                if not queue.acts:
                    del queues[sender]
                elif went_on:
                    queue.until = monotonic() + LONGEST
        if not queues:
            self._early.pop(of, None)

    def _is_next(self, of: int, early: Act) -> bool:
        _, version = conversation_of(*early)
        return version is None or version <= self._newest.get(of, 0) + 1

    def _do(self, act: str, arguments: dict[str, Any], of: int | None, version: int | None) -> None:
        try:
            self._perform(act, arguments)
        except Exception:
            log.exception("an event could not be sent")
        if of is not None and version is not None:
            self._remember(of, max(version, self._newest.get(of, 0)))

    def _remember(self, of: int, version: int) -> None:
        self._newest[of] = version
        self._newest.move_to_end(of)
        if len(self._newest) > MOST:
            self._newest.popitem(last=False)
