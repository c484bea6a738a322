"""Paragraphs, quotes and lists where a chat differs from a document: lines are as typed, and end what they are not in."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock, blockquote, list_block

DEEPEST = 12
# With something behind it: "-" or "1." alone is an answer, "* * *" a line.
ITEM = re.compile(r"(?:[-*]|\d{1,3}[.)])[ \t]+(?![-*_ \t]*(?:\n|\Z))\S")


def paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines up to an empty one, with their indentation and without what stands outside of the list or quote."""
    ending = state.md.block.ruler.getRules("paragraph")
    parent, state.parentType = state.parentType, "paragraph"
    line = start + 1
    while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        if any(rule(state, line, end, True) for rule in ending):
            break
        line += 1
    state.parentType = parent
    state.line = line
    state.push("paragraph_open", "p", 1).map = [start, line]
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(start, line, state.blkIndent, False)
    inline.children = []
    state.push("paragraph_close", "p", -1)
    return True


def quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A quote, unless it is too deep: then ">" is text."""
    return state.level < DEEPEST and blockquote(state, start, end, silent)


def items(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A list, unless it is too deep or does not look like one."""
    if state.level >= DEEPEST or not ITEM.match(state.src, state.bMarks[start] + state.tShift[start]):
        return False
    return list_block(state, start, end, silent)


def end_of_quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Asked whether a line without ">" ends the quote above it: it does."""
    return silent
