"""Tokens as words: what is said, without how it looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from lumina.presenters.markup.highlighting import code_of


def said(tokens: Sequence[Token]) -> str:
    """The text of all tokens, block by block."""
    return " ".join(_blocks(tokens))


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "list_item_open":
            yield f"{token.info}." if token.info else "•"
        elif token.type == "inline":
            yield "".join(child.content for child in token.children or [])
        elif token.type == "fence":
            yield code_of(token.content, token.info)[1]
