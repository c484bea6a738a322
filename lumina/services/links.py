"""The links of a message's text, as far as operations must know them; presenters/markup makes them clickable."""

from __future__ import annotations

import re

from linkify_it import LinkifyIt

FENCED = re.compile(r"^[> \t]*(```+|~~~+)[^\n]*\n.*?(?:^[> \t]*\1|\Z)", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
# Finding where a link ends takes longer the more there is.
CANDIDATE, LONGEST = re.compile(r"(?<![^\W_])https?://\S+", re.IGNORECASE), 2_000
_links = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
for schema in ("ftp:", "//", "mailto:"):
    _links.add(schema, None)


def first(text: str) -> str | None:
    """The first http or https link that is not part of code."""
    if "://" not in text:
        return None
    for candidate in CANDIDATE.finditer(CODE.sub(" ", FENCED.sub("\n", text))):
        found = _links.match(candidate[0]) if len(candidate[0]) <= LONGEST else None
        if found:
            # What may be left are marks around it, as in **https://…**
            url: str = found[0].url
            return url.rstrip("*~")
    return None
