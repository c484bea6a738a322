"""What people write, as HTML: everything escaped, bare links made into links, nothing else."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
TRAILING = ".,;:!?…"
LINK_HTML = Markup('<a href="{0}" target="_blank" rel="noopener noreferrer nofollow ugc">{0}</a>')


def content(text: str) -> Markup:
    """A message's text. Line breaks stay as they are; CSS shows them."""
    if "://" not in text:
        return escape(text)
    parts: list[Markup] = []
    end = 0
    for match in LINK.finditer(text):
        url = _trimmed(match[0])
        parts += [escape(text[end : match.start()]), LINK_HTML.format(url)]
        end = match.start() + len(url)
    return Markup("").join([*parts, escape(text[end:])])


def _trimmed(url: str) -> str:
    """Without the punctuation of the sentence around it: "(see https://a.example/b)."."""
    while True:
        shorter = url.rstrip(TRAILING)
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == url:
            return url
        url = shorter


def one_line(text: str) -> str:
    """For a preview."""
    return " ".join(text.split())
