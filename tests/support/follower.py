"""A client as the contract lets one be written: it follows the events it gets, and catches up on those it missed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lumina.errors import NotFound

Message = dict[str, Any]
# (version) -> {version, messages, hasMore, hiddenIds}; raises NotFound for who is no member.
Since = Callable[[int], dict[str, Any]]


class Follower:
    """What one person's client knows of a conversation."""

    def __init__(self, person_id: str, since: Since) -> None:
        self.person_id, self._since = person_id, since
        self.version = 0
        self._messages: dict[str, Message] = {}
        self._hidden: set[str] = set()

    def hear(self, message: Message) -> None:
        """An event about a message, whatever it was: in order it is taken, after a gap one asks."""
        if message["deletedBy"] == [self.person_id] and not message["isDeleted"]:
            self._hidden.add(message["id"])
        elif message["version"] == self.version + 1:
            self._take(message)
        elif message["version"] > self.version:
            self.catch_up()

    def catch_up(self) -> None:
        """As after connecting anew."""
        try:
            answer = self._since(self.version)
            while True:
                for message in answer["messages"]:
                    self._take(message)
                if not answer["hasMore"]:
                    break
                answer = self._since(self.version)
        except NotFound:
            self._messages.clear()
            self.version = 0
        else:
            self.version, self._hidden = answer["version"], set(answer["hiddenIds"])

    def shows(self) -> list[Message]:
        """The history on its screen."""
        shown = [
            message
            for message in self._messages.values()
            if message["id"] not in self._hidden and "expired" not in message
        ]
        return sorted(map(self._with_quote, shown), key=lambda message: int(message["position"]))

    def _take(self, message: Message) -> None:
        self._messages[message["id"]] = message
        self.version = message["version"]

    def _with_quote(self, message: Message) -> Message:
        """A quote follows what it quotes."""
        quote, original = message["replyPreview"], self._messages.get(message["replyTo"] or "")
        if quote is None or original is None:
            return message
        now = {"content": original["content"][:200], "isDeleted": original["isDeleted"]}
        return {**message, "replyPreview": quote | now}
