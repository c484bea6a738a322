"""What a card says of the page behind a link."""

from __future__ import annotations

from urllib.parse import urlsplit

from lumina.presenters import shapes


def source(preview: shapes.LinkPreview) -> str:
    """Where it is from: what the site calls itself, and always the host that it really is."""
    host = (urlsplit(preview["url"]).hostname or "").removeprefix("www.")
    name = preview["siteName"]
    return f"{name} · {host}" if name and name.casefold() != host else host
