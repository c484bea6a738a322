"""For whoever runs it: alive, and ready."""

from __future__ import annotations

from flask import Blueprint

from lumina.services import health

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> dict[str, object]:
    """The process answers."""
    return {"success": True, "data": {}}


@blueprint.get("/readyz")
def ready() -> dict[str, object]:
    """What it leans on answers too; otherwise 503."""
    health.check()
    return {"success": True, "data": {}}
