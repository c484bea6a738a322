"""What people write, as HTML: a safe subset of Markdown, which docs/text.md describes."""

from __future__ import annotations

from lumina.presenters.markup.content import content, one_line, plain
from lumina.presenters.markup.jumbo import is_jumbo

__all__ = ["content", "is_jumbo", "one_line", "plain"]
