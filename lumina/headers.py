"""What every answer says to the browser, and which other origins may call the API."""

from __future__ import annotations

from flask import Flask, Response, request

from lumina.config import Config
from lumina.services import files

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# What programs in browsers on another site may call, with a token.
SHARED = ("/api/", "/files/", "/photos/", "/admin/escrows/")
ASKED_WITH = "Authorization, Content-Type, Idempotency-Key, If-None-Match"
YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Put the headers on every answer."""
    config: Config = app.config["LUMINA"]

    always = [*HEADERS.items(), ("Content-Security-Policy", _policy(files.origin()))]

    @app.after_request
    def finish(response: Response) -> Response:
        given = {name.lower() for name, _ in response.headers}
        response.headers.extend((name, value) for name, value in always if name.lower() not in given)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = f"max-age={YEAR}"
        if request.path.startswith(SHARED) and config.frontend_origins:
            _share(response, config.frontend_origins)
        return response


def _policy(files_from: str | None) -> str:
    """What a page may load: its own, and files from where they are kept."""
    elsewhere = f" {files_from}" if files_from else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"img-src 'self' data: blob:{elsewhere}",
            f"media-src 'self' blob:{elsewhere}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _share(response: Response, origins: tuple[str, ...]) -> None:
    """Cross-origin calls of the API from FRONTEND_URL; they carry a token and no cookie."""
    response.vary.add("Origin")
    origin = request.headers.get("Origin", "")
    if origin not in origins:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE"
        response.headers["Access-Control-Allow-Headers"] = ASKED_WITH
        response.headers["Access-Control-Max-Age"] = "7200"
