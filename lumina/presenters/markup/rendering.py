"""Tokens as HTML. A paragraph is no element: its lines, and the empty ones after it, stay as they were typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from markdown_it.token import Token
from markupsafe import Markup, escape

from lumina.presenters.markup import highlighting, links

MENTION = Markup('<span class="mention" data-user-id="{}">{}</span>')
LINK = Markup('<a href="{}">')
TITLED_LINK = Markup('<a href="{}" title="{}">')
LEADS_TO = Markup('</a> <span class="leads-to">({})</span>')
CODE = Markup("<code>{}</code>")
BLOCK = Markup("<pre><code>{}</code></pre>")


def render(tokens: Sequence[Token]) -> str:
    """The HTML of a whole text, not yet sanitised."""
    gaps = _gaps(tokens)
    return "".join(gaps.get(place, "") + _block(token) for place, token in enumerate(tokens))


def _gaps(tokens: Sequence[Token]) -> dict[int, str]:
    """The line breaks between two paragraphs, by the place of the second."""
    openings = [place for place, token in enumerate(tokens) if token.type == "paragraph_open"]
    return {
        second: "\n" * (_lines(tokens[second])[0] - _lines(tokens[first])[1] + 1)
        for first, second in pairwise(openings)
        if second == first + 3
    }


def _lines(token: Token) -> list[int]:
    return token.map or [0, 0]


def _block(token: Token) -> str:
    match token.type:
        case "inline":
            return "".join(_inlines(token.children or []))
        case "paragraph_open" | "paragraph_close":
            return ""
        case "fence":
            return BLOCK.format(_code(token))
        case _:
            return _tag(token)


def _code(token: Token) -> Markup:
    language, code = highlighting.code_of(token.content, token.info)
    return highlighting.highlight(code, language)


def _inlines(tokens: Sequence[Token]) -> Iterator[str]:
    leads_to: str | None = None
    for place, token in enumerate(tokens):
        match token.type:
            case "text":
                yield escape(token.content)
            case "code_inline":
                yield CODE.format(token.content)
            case "mention":
                yield MENTION.format(token.meta["id"], token.content)
            case "link_open":
                label = _label(tokens[place + 1 :])
                href = _href(token, label)
                leads_to = links.differing(label, href)
                yield LINK.format(href) if label == href else TITLED_LINK.format(href, href)
                if not links.is_visible(label):
                    yield escape(href)
            case "link_close":
                yield LEADS_TO.format(leads_to) if leads_to else "</a>"
            case _:
                yield _tag(token)


def _href(token: Token, label: str) -> str:
    href = str(token.attrs["href"])
    has_no_scheme = token.markup == "linkify" and not label.lower().startswith(("http:", "https:"))
    return href.replace("http:", "https:", 1) if has_no_scheme else href


def _label(tokens: Sequence[Token]) -> str:
    return "".join(token.content for token in takewhile(lambda token: token.type != "link_close", tokens))


def _tag(token: Token) -> str:
    if token.nesting < 0:
        return f"</{token.tag}>"
    start = token.attrs.get("start")
    return f'<{token.tag} start="{start}">' if start is not None else f"<{token.tag}>"
