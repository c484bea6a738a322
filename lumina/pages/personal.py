"""The personal stylesheet: a few custom properties turn bubbles rendered for nobody into the viewer's own."""

from __future__ import annotations

from flask import Blueprint, Response

blueprint = Blueprint("personal", __name__)

OWN = """.message[data-sender-id="{id}"] {{
  --message-side: flex-end;
  --message-fill: var(--own);
  --message-line: var(--own-line);
  --message-author: none;
  --message-ticks: inline-block;
  --joint-start: var(--radius);
  --joint-end: var(--radius-joint);
}}
"""


def stylesheet(viewer_id: str) -> str:
    """The rules for one viewer."""
    return OWN.format(id=viewer_id)


@blueprint.get("/me-<int:viewer_id>.css")
def own_bubbles(viewer_id: int) -> Response:
    """The same for whoever asks, and for good: it tells nothing but the number in its own address."""
    response = Response(stylesheet(str(viewer_id)), mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
