"""GET /metrics for Prometheus."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, current_app, request

from lumina import metrics
from lumina.config import Config
from lumina.errors import NotFound, Unauthorized

blueprint = Blueprint("metrics", __name__)
FORWARDING = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


@blueprint.get("/metrics")
def show() -> Response:
    """To whoever bears METRICS_TOKEN, and to programs on this machine."""
    config: Config = current_app.config["LUMINA"]
    if not (_bears(config.metrics_token) or _is_local()):
        raise Unauthorized("Please give the METRICS_TOKEN.") if config.metrics_token else NotFound
    return Response(metrics.text(), content_type=metrics.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _bears(token: str | None) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return token is not None and hmac.compare_digest(given.encode(), token.encode())


def _is_local() -> bool:
    """Whether the peer itself is here: behind a proxy on this machine everybody else would seem to be."""
    if any(name in request.headers for name in FORWARDING):
        return False
    direct = request.environ.get("werkzeug.proxy_fix.orig", request.environ)
    try:
        peer = ip_address(direct.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return (getattr(peer, "ipv4_mapped", None) or peer).is_loopback
