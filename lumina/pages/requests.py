"""What a request asks for besides its address: a page, a part of one, or a plain answer to our own code."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, request

from lumina import clock, media
from lumina.config import Config
from lumina.presenters import times

THEME_COOKIE = "theme"
THEMES = ("auto", "light", "dark")


def is_fragment() -> bool:
    """Whether htmx asks for part of a page; a restored history entry asks for the whole."""
    return "HX-Request" in request.headers and request.headers.get("HX-Request-Type") != "full"


def is_fetch() -> bool:
    """Whether our own browser code asks, which wants failures in the wire's form."""
    return request.headers.get("X-Requested-With") == "fetch"


def local_path(url: str | None) -> str | None:
    """The path and query of an address on this site; None for any other, so that no link leads elsewhere."""
    if not url or "\\" in url or any(character <= " " for character in url):
        return None
    parts = urlsplit(url)
    if not parts.path.startswith("/") or parts.path.startswith("//"):
        return None
    if (parts.scheme or parts.netloc) and f"{parts.scheme}://{parts.netloc}/" != request.host_url:
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def site() -> str:
    """Our own address. Whoever asks chooses the Host header; where PUBLIC_URL is set, that alone is written into mails."""
    config: Config = current_app.config["LUMINA"]
    return config.public_url or request.host_url.rstrip("/")


def as_typed(text: str) -> str:
    """A form's text with the line breaks that were typed; on the way they are CRLF."""
    return text.replace("\r\n", "\n")


def client_address() -> str:
    """Where the request comes from, as rate limits and the list of devices know it."""
    return request.remote_addr or ""


def user_agent() -> str:
    """What the browser calls itself."""
    return request.headers.get("User-Agent", "")


def template_context() -> dict[str, Any]:
    """What every page has."""
    theme = request.cookies.get(THEME_COOKIE, "auto")
    config: Config = current_app.config["LUMINA"]
    return {
        "theme": theme if theme in THEMES else "auto",
        "viewer": None,
        "accepted_files": media.ACCEPTED,
        "max_file_size": config.max_file_size,
        "server_time": times.iso(clock.now()),
    }


def keep_private(response: Response) -> Response:
    """Nobody stores what is one person's, nor takes a fragment for a page."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.vary.update(("Cookie", "HX-Request", "HX-Request-Type"))
    return response
