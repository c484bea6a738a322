"""Files as browsers and programs fetch them: after a look at who asks, in parts, and never so that script can run."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from flask import Blueprint, Response, g, redirect, request
from werkzeug.datastructures import Range
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import NotFound
from lumina.media.types import BY_MIME
from lumina.pages import session
from lumina.services import attachments, files, photos, sessions
from lumina.services.attachments import Found
from lumina.storage import Served

blueprint = Blueprint("files", __name__)

DAY = 24 * 3600
THUMB_TYPE = "image/webp"
# Whoever opens a file by itself opens it where nothing runs and nothing is fetched.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'"


@blueprint.get("/files/<attachment_id>/thumb")
def thumb(attachment_id: str) -> BaseResponse:
    """The small picture of a file."""
    found = attachments.find(asking(), attachment_id)
    if not found.attached.has_thumb:
        raise NotFound
    return serve_small(found)


@blueprint.get("/files/<attachment_id>/<path:name>")
def download(attachment_id: str, name: str) -> BaseResponse:
    """The file. Its name in the address is for people; the id says which it is."""
    return serve(attachments.find(asking(), attachment_id))


def serve(found: Found) -> BaseResponse:
    """A file, to somebody who may have it."""
    kind, row = BY_MIME.get(found.attached.mime_type), found.attached
    served = Served(row.file_name, row.mime_type, kind is not None and kind.is_inline)
    reading = files.reading(found.key, served)
    if reading.link:
        return _elsewhere(reading.link)
    return _hand_out(reading, served, row.file_size, found.sha256)


@blueprint.get("/photos/<key>")
def photo(key: str) -> BaseResponse:
    """A person's or a group's photo: under each key for ever the same."""
    found = photos.find(asking(), key)
    response = _small(found.key, found.sha256)
    response.headers["Cache-Control"] = f"private, max-age={DAY}, immutable"
    return response


def asking() -> models.User:
    """Whoever is signed in, by the cookie or by a token. Raises Unauthorized: to be told as it is, unless to a browser that
    would show the sign-in."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    is_token = scheme.lower() == "bearer"
    if is_token or "text/html" not in request.headers.get("Accept", ""):
        g.answers_json = True
    if not is_token:
        return session.actor()
    return sessions.authenticate(token.strip()).user


def serve_small(found: Found) -> BaseResponse:
    """The small picture of a file that has one."""
    return _small(found.key, found.sha256)


def _small(key: str, sha256: str) -> BaseResponse:
    served = Served("thumb.webp", THUMB_TYPE, True)
    reading = files.reading(key + files.THUMB, served)
    if reading.link:
        return _elsewhere(reading.link)
    return _hand_out(reading, served, None, f"{sha256}-thumb")


def _elsewhere(link: str) -> BaseResponse:
    response = redirect(link, 302)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _hand_out(reading: files.Reading, served: Served, size: int | None, etag: str) -> BaseResponse:
    """All of it, the part that is asked for, or that it has not changed."""
    response = Response(mimetype=served.mime)
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Disposition"] = _disposition(served)
    response.vary.update(("Cookie", "Authorization"))
    if request.if_none_match.contains(etag):
        response.status_code = 304
        return response
    size = files.size(reading.key) if size is None else size
    response.accept_ranges = "bytes"
    start, stop = 0, size
    if wanted := _range(etag):
        part = wanted.range_for_length(size)
        response.status_code = 206 if part else 416
        start, stop = part or (0, 0)
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}" if part else f"bytes */{size}"
    response.content_length = stop - start
    response.response = _blocks(reading, start, stop)
    return response


def _blocks(reading: files.Reading, start: int, stop: int) -> Iterable[bytes]:
    return () if request.method == "HEAD" or start == stop else reading.blocks(start, stop)


def _range(etag: str) -> Range | None:
    """The one part that is asked for; None where all is to be sent, as of a file that has changed meanwhile."""
    wanted, condition = request.range, request.if_range
    is_one = wanted is not None and wanted.units == "bytes" and len(wanted.ranges) == 1
    is_same = condition is None or condition.etag in (None, etag)
    return wanted if is_one and is_same else None


def _disposition(served: Served) -> str:
    ascii_name = served.file_name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    kind = "inline" if served.is_inline else "attachment"
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(served.file_name, safe='')}"
