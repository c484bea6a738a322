"""Marks within a line where a chat differs from a document."""

from __future__ import annotations

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline import emphasis as markdown_emphasis

ESCAPABLE = "*`~[]"


def escape(state: StateInline, silent: bool) -> bool:
    r"""A backslash takes a mark's meaning away. It stays before "_", for ¯\_(ツ)_/¯."""
    start = state.pos
    marked = state.src[start + 1 : min(start + 2, state.posMax)]
    if state.src[start] != "\\" or not marked or marked not in f"{ESCAPABLE}_":
        return False
    if not silent:
        state.append_pending("\\_" if marked == "_" else marked)
    state.pos += 2
    return True


def emphasis(state: StateInline, silent: bool) -> bool:
    """Emphasis, but 2*3*4 is a product."""
    if not silent and _is_sign_between(state.src, state.pos):
        state.append_pending("*")
        state.pos += 1
        return True
    return markdown_emphasis.tokenize(state, silent)


def _is_sign_between(text: str, at: int) -> bool:
    around = text[max(at - 1, 0) : at + 2]
    return len(around) == 3 and around[1] == "*" and (around[0] + around[2]).isalnum() and around.isascii()
