"""Files on their way to the composer: each uploaded by itself, as soon as it is chosen."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import FileStorage

from lumina import bodies, models
from lumina.errors import Invalid
from lumina.pages.session import actor
from lumina.presenters import wire
from lumina.presenters.texts import t
from lumina.services import attachments, lookup, uploads
from lumina.services.uploads import Incoming
from lumina.services.views import Attached

blueprint = Blueprint("uploads", __name__, url_prefix="/uploads")


@blueprint.post("")
def create() -> tuple[Response, int]:
    """Take one file; what the wire says of it."""
    viewer = actor()
    sent = chosen("file")
    if not sent:
        raise Invalid.field("file", t("composer.no_file"))
    return jsonify(wire.attachment(keep(viewer, sent[:1])[0])), 201


@blueprint.post("/<attachment_id>/discard")
def discard(attachment_id: str) -> tuple[str, int]:
    """Let go of a file that is not sent after all."""
    uploads.discard(actor(), [lookup.row_id(attachment_id)])
    return "", 204


def chosen(field: str) -> list[FileStorage]:
    """The files of a form; a field left alone sends a nameless one."""
    return [file for file in request.files.getlist(field) if file.filename]


def keep(viewer: models.User, sent: list[FileStorage]) -> list[Attached]:
    """Take all of these or none. Raises as uploads.keep, and Invalid for too many."""
    if len(sent) > attachments.MOST:
        raise Invalid.field("attachments", t("composer.too_many", count=attachments.MOST))
    kept: list[Attached] = []
    try:
        kept.extend(uploads.keep(viewer, Incoming(one.stream, one.filename, one.mimetype)) for one in sent)
    finally:
        if len(kept) < len(sent):
            uploads.discard(viewer, [one.id for one in kept])
    return kept


bodies.takes(create, 1)
