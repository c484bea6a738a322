"""The Markdown that messages may be written in. What is not named here is text."""

from __future__ import annotations

import re

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt

from lumina.presenters.markup import blocks, inlines, links, mentions

# Where one of the rules below may begin or end.
BEGINNING = re.compile(r"[*_`~\\\[\]@:]")


class Parser(MarkdownIt):
    """Markdown-it with our own idea of a good address."""

    def validateLink(self, url: str) -> bool:
        return links.is_allowed(url)

    def normalizeLinkText(self, link: str) -> str:
        return links.as_typed(link)


def _linkifier() -> LinkifyIt:
    linkifier = LinkifyIt(options={"fuzzy_email": False})
    for schema in ("ftp:", "//", "mailto:"):
        linkifier.add(schema, None)
    linkifier.tlds(links.TLDS)
    return linkifier


def _parser() -> Parser:
    made = Parser("zero", {"linkify": True, "html": False})
    made.linkify = _linkifier()
    made.enable(["fence", "blockquote", "list", "backticks", "strikethrough", "emphasis", "link", "linkify"])
    block, inline = made.block.ruler, made.inline.ruler
    block.at("blockquote", blocks.quote, {"alt": ["paragraph", "blockquote", "list"]})
    block.at("list", blocks.items, {"alt": ["paragraph", "blockquote"]})
    block.at("paragraph", blocks.paragraph)
    block.push("end_of_quote", blocks.end_of_quote, {"alt": ["blockquote"]})
    inline.at("escape", inlines.escape)
    inline.at("emphasis", inlines.emphasis)
    inline.before("link", "mention", mentions.mention)
    made.inline.terminator_re = BEGINNING
    made.enable(["escape", "mention", "end_of_quote"])
    return made


parser = _parser()
