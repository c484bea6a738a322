"""Static files under an address that bears their version: kept by browsers for good."""

from __future__ import annotations

from flask import Blueprint, Response, request, send_from_directory

from lumina.presenters import assets

YEAR = 365 * 24 * 60 * 60

blueprint = Blueprint("assets", __name__)


@blueprint.get("/static/v-<version>/<path:path>")
def versioned(version: str, path: str) -> Response:
    """A file of static/, whatever version a page of yesterday asks for."""
    if path == assets.STYLESHEET:
        response = Response(assets.stylesheet(), mimetype="text/css")
        response.add_etag()
        response.make_conditional(request)
    else:
        response = send_from_directory(assets.STATIC, path)
    response.headers["Cache-Control"] = _lifetime(version)
    return response


def _lifetime(version: str) -> str:
    if version != assets.version():
        return "no-cache"
    return f"public, max-age={YEAR}, immutable"
