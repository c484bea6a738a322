"""Names after an @."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markdown_it.rules_inline import StateInline

from lumina.presenters import shapes


class Mentions:
    """Who is named in a text, by the names as they are written there."""

    def __init__(self, mentions: Iterable[shapes.Mention] = ()) -> None:
        self._ids = {mention["name"]: mention["userId"] for mention in mentions if mention["name"]}
        longest_first = sorted(self._ids, key=len, reverse=True)
        self._names = re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def at(self, text: str, start: int, end: int) -> tuple[str, str] | None:
        """Name and id of who is named from `start` on."""
        match = self._names.match(text, start, end) if self._ids else None
        return (match[0], self._ids[match[0]]) if match else None


def mention(state: StateInline, silent: bool) -> bool:
    """@Name of somebody in env["mentions"], not within a word or a link."""
    start = state.pos
    if state.src[start] != "@" or state.linkLevel or state.src[max(start - 1, 0)].isalnum():
        return False
    found = state.env["mentions"].at(state.src, start + 1, state.posMax)
    if found is None:
        return False
    name, user_id = found
    if not silent:
        token = state.push("mention", "span", 0)
        token.content, token.meta["id"] = f"@{name}", user_id
    state.pos += 1 + len(name)
    return True
