"""Code blocks: what is a keyword, a string, a comment. Colours are content.css's business."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from markupsafe import Markup, escape
from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import Token, _TokenType

LONGEST = 4_000
# Some lexers take quadratic time for what is no code. Seconds of the processor; the rest stays plain.
BUDGET = 0.02
KNOWN = frozenset(alias for _, aliases, *_ in get_all_lexers(plugins=False) for alias in aliases)
# Those that take long for a single token, C and its kin foremost, are known but not coloured.
COLOURED = """
    bash css diff docker dockerfile elixir erlang go golang graphql haskell html http java javascript js json jsx kotlin
    lua make makefile nginx perl php powershell py python r rb rs ruby rust scala scss sh shell sql swift toml ts tsx
    typescript xml yaml yml zsh
"""
LANGUAGES = frozenset(COLOURED.split())
KINDS: dict[_TokenType, str] = {
    Token.Comment: "tok-comment",
    Token.Keyword: "tok-keyword",
    Token.Operator.Word: "tok-keyword",
    Token.Literal.String: "tok-string",
    Token.Literal.Number: "tok-number",
    Token.Name.Function: "tok-name",
    Token.Name.Class: "tok-name",
    Token.Name.Tag: "tok-name",
    Token.Name.Decorator: "tok-name",
    Token.Name.Attribute: "tok-attribute",
    Token.Generic.Deleted: "tok-deleted",
    Token.Generic.Inserted: "tok-inserted",
}
CLASSES = frozenset(KINDS.values())


def code_of(content: str, info: str) -> tuple[str, str]:
    """The language of a block and its code, whose opening line says `info`: code as well, if it names no language."""
    code, first = content.removesuffix("\n"), info.strip()
    language = first.split()[0].lower() if first else ""
    if language in KNOWN:
        return language, code
    return "", f"{first}\n{code}" if first else code


def highlight(code: str, language: str) -> Markup:
    """Code as HTML, coloured if that is not too much of it."""
    if language not in LANGUAGES or len(code) > LONGEST:
        return escape(code)
    return Markup("".join(_pieces(code, language)))


def _pieces(code: str, language: str) -> Iterator[str]:
    for name, tokens in groupby(_tokens(code, language), key=itemgetter(0)):
        text = escape("".join(text for _, text in tokens))
        yield f'<span class="{name}">{text}</span>' if name else text


def _tokens(code: str, language: str) -> Iterator[tuple[str | None, str]]:
    """Pieces with their classes; what is left when the budget is spent is one without."""
    # The lexer ends the last line, as some languages need; that is not part of the code.
    tokens = _lexer(language).get_tokens(code)
    done, deadline = 0, time.thread_time() + BUDGET
    for kind, text in tokens:
        yield _class(kind), text[: len(code) - done]
        done += len(text)
        if time.thread_time() > deadline:
            yield None, code[done:]
            return


@lru_cache(maxsize=512)
def _class(kind: _TokenType) -> str | None:
    return next((KINDS[parent] for parent in kind.split() if parent in KINDS), None)


@lru_cache(maxsize=128)
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False)
