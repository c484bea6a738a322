"""Commits and sends can overtake each other; what belongs to one conversation leaves in the order it was prepared.

Places are taken inside the transaction, under the conversation's row lock, hence in the order of its versions.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

from lumina.services.events import Departure

log = logging.getLogger(__name__)


class Line:
    """The departures of one conversation that have not left yet."""

    def __init__(self) -> None:
        self.places: deque[Place] = deque()
        self.moving = False

    def move(self) -> None:
        """Let everything leave that has nothing unfinished before it."""
        if self.moving:
            return
        self.moving = True
        try:
            while self.places and self.places[0].settled:
                place = self.places.popleft()
                place.leave()
        finally:
            self.moving = False


class Place:
    """A place in the line: settled by a commit, or given up by a rollback."""

    settled = False
    send: Callable[[], None] | None = None

    def leave(self) -> None:
        """Go, and whatever comes of it let those behind go too."""
        try:
            if self.send:
                self.send()
        except Exception:
            log.exception("an event could not be sent")


class Lines:
    """One line per conversation, kept while something is in it."""

    def __init__(self) -> None:
        self._lines: dict[int, Line] = {}

    def departure(self, conversation_id: int, send: Callable[[], None]) -> Departure:
        """Take the next place of this conversation."""
        line, place = self._lines.setdefault(conversation_id, Line()), Place()
        line.places.append(place)

        def settle(leaving: Callable[[], None] | None) -> None:
            place.settled, place.send = True, leaving
            line.move()
            if not line.places:
                self._lines.pop(conversation_id, None)

        return Departure(send=lambda: settle(send), cancel=lambda: settle(None))
