"""The files of a purchase's conversation, for the admin who decides about it, whatever became of their messages."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response as BaseResponse

from lumina.errors import NotFound
from lumina.pages import files
from lumina.services import evidence

blueprint = Blueprint("evidence", __name__, url_prefix="/admin/escrows")


@blueprint.get("/<escrow_id>/files/<attachment_id>")
def download(escrow_id: str, attachment_id: str) -> BaseResponse:
    """The file, as /files serves it; that it was fetched is in the audit log."""
    return files.serve(evidence.file(files.asking(), escrow_id, attachment_id))


@blueprint.get("/<escrow_id>/files/<attachment_id>/thumb")
def thumb(escrow_id: str, attachment_id: str) -> BaseResponse:
    """The small picture of it, which the history shows."""
    found = evidence.small_picture(files.asking(), escrow_id, attachment_id)
    if not found.attached.has_thumb:
        raise NotFound
    return files.serve_small(found)
