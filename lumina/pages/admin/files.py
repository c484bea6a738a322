"""The files that a decision rests on, for the admin who takes it, whatever became of their messages."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response as BaseResponse

from lumina.errors import NotFound
from lumina.pages import files
from lumina.services import evidence, reports

blueprint = Blueprint("evidence", __name__, url_prefix="/admin")


@blueprint.get("/escrows/<escrow_id>/files/<attachment_id>")
def download(escrow_id: str, attachment_id: str) -> BaseResponse:
    """The file, as /files serves it; that it was fetched is in the audit log."""
    return files.serve(evidence.file(files.asking(), escrow_id, attachment_id))


@blueprint.get("/escrows/<escrow_id>/files/<attachment_id>/thumb")
def thumb(escrow_id: str, attachment_id: str) -> BaseResponse:
    """The small picture of it, which the history shows."""
    found = evidence.small_picture(files.asking(), escrow_id, attachment_id)
    if not found.attached.has_thumb:
        raise NotFound
    return files.serve_small(found)


@blueprint.get("/reports/<report_id>/files/<attachment_id>")
def reported(report_id: str, attachment_id: str) -> BaseResponse:
    """A file of what was reported."""
    asking = files.asking()
    if not asking.is_admin:
        raise NotFound
    return files.serve(reports.file(asking, report_id, attachment_id))
