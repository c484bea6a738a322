"""The personal stylesheet: a few custom properties turn bubbles rendered for nobody into the viewer's own."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response

blueprint = Blueprint("personal", __name__)

OWN = """.message[data-sender-id="{id}"] {{
  --message-side: flex-end;
  --message-fill: var(--own);
  --message-line: var(--own-line);
  --message-author: none;
  --message-ticks: inline-block;
  --message-remover: inline-grid;
  --joint-start: var(--radius);
  --joint-end: var(--radius-joint);
  --reactions-inset: 20% 0;
  --reaction-add-order: -1;
}}
.mention[data-user-id="{id}"] {{
  --mention-fill: var(--accent-soft);
}}
.reaction[data-reacted-by~="{id}"] {{
  --reaction-fill: var(--accent-soft);
  --reaction-line: var(--accent);
  --reaction-ink: var(--accent);
}}
"""
# In its address, so that a new release is seen at once.
VERSION = hashlib.sha256(OWN.encode()).hexdigest()[:8]


def stylesheet(viewer_id: str) -> str:
    """The rules for one viewer."""
    return OWN.format(id=viewer_id)


@blueprint.get("/me-<int:viewer_id>.css")
def own_bubbles(viewer_id: int) -> Response:
    """The same for whoever asks, and for good: it tells nothing but the number in its own address."""
    response = Response(stylesheet(str(viewer_id)), mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
