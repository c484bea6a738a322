"""What makes an app of the site: manifest, service worker, the page without a connection, the icon with a number."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from lumina.presenters import assets
from lumina.presenters.texts import t

blueprint = Blueprint("app", __name__)
MOST_SHOWN = 9
DAY = 24 * 60 * 60


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """How a system installs it."""
    return _public(render_template("app/manifest.json", t=t), "application/manifest+json", "no-cache")


@blueprint.get("/service-worker.js")
def service_worker() -> Response:
    """Bears the version of the static files: a new release is a new worker, which forgets what the old one kept."""
    text = render_template("app/service-worker.js", version=assets.version())
    return _public(text, "text/javascript", "no-cache")


@blueprint.get("/offline")
def offline() -> Response:
    """What the worker shows where no page can be had; the same for everybody."""
    return _public(render_template("app/offline.html"), "text/html", "no-cache")


@blueprint.get("/icons/unread/<int:count>.svg")
def unread_icon(count: int) -> Response:
    """The icon of a tab with the number of unread conversations."""
    shown = "9+" if count > MOST_SHOWN else str(count)
    return _public(render_template("app/unread.svg", shown=shown), "image/svg+xml", f"public, max-age={DAY}")


def _public(text: str, kind: str, lifetime: str) -> Response:
    response = Response(text, mimetype=kind)
    response.headers["Cache-Control"] = lifetime
    return response
