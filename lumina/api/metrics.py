"""GET /metrics for Prometheus, and the count of requests in it."""

from __future__ import annotations

import hmac
import time
from functools import cache
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, request

from lumina import metrics
from lumina.config import Config
from lumina.errors import NotFound, Unauthorized

blueprint = Blueprint("metrics", __name__)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
FORWARDING = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


def init_app(app: Flask) -> None:
    """Serve the metrics, and measure every request."""
    app.register_blueprint(blueprint)
    # Before all others, any of which may refuse the request.
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request(_end)


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


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "none"
    method = request.method if request.method in METHODS else "other"
    _series(method, route, response.status_code // 100).observe(time.perf_counter() - g.began)
    return response


@cache
def _series(method: str, route: str, status: int) -> Any:
    return metrics.requests.labels(method, route, f"{status}xx")
