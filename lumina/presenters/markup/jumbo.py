"""Messages of a few emoji, which are shown large."""

from __future__ import annotations

import emoji

LONGEST, MOST = 48, 3


def is_jumbo(text: str) -> bool:
    """Whether a text is one to three emoji and nothing else."""
    if text.isascii() or len(text) > LONGEST:
        return False
    joined = "".join(text.split())
    return emoji.purely_emoji(joined) and emoji.emoji_count(joined) <= MOST
