"""Addresses: which ones may be followed, and whether a link says where it leads."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import SplitResult, quote, urlsplit

# Where "https://" may be left out. Endings that are words or files in other sentences ("so.it", "setup.py") are not here.
ENDINGS = "app au ca ch com de dev edu eu fr gov info io jp net nl org pl uk"
TLDS = ENDINGS.split()
ALLOWED = re.compile(r"https?://[^/?#\\\s]|(?:mailto|tel):[^\s]", re.IGNORECASE)
FORMATTING = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
LIKE_AN_ADDRESS = re.compile(r"\w[.。](?:[^\W\d_]{2}|xn--)|//|@|\bwww\b")
ADDRESS = re.compile(r"(?:https?://)?([^\s/?#@\\:]+)(?::\d+)?(?:[/?#]\S*)?")


def is_allowed(url: str) -> bool:
    """Whether people may be sent there: to the web, or to write or call somebody."""
    return bool(ALLOWED.match(url)) and _leads_to(url) is not None


def as_typed(url: str) -> str:
    """An address as it is shown: nothing decoded, and nothing that turns the direction of reading around."""
    return FORMATTING.sub(lambda match: quote(match[0]), url)


def is_visible(label: str) -> bool:
    """Whether a link can be seen by its words."""
    return bool(FORMATTING.sub("", label).strip())


def differing(label: str, url: str) -> str | None:
    """Where a link leads, if its words look like another address."""
    said = FORMATTING.sub("", unicodedata.normalize("NFKC", label)).strip().lower()
    target = _leads_to(url)
    if not LIKE_AN_ADDRESS.search(said) or said == target:
        return None
    address = ADDRESS.fullmatch(said)
    return None if address and address[1] == target else target


def _leads_to(url: str) -> str | None:
    """The host, or whom to write to or call; None for what is no address."""
    try:
        parts: SplitResult = urlsplit(url)
    except ValueError:
        return None
    return parts.hostname if parts.netloc else parts.path.lower() or None
