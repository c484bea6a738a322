"""What is noted of each request: its id, how long its answer took, who asked, in the metrics and in one line of the log."""

from __future__ import annotations

import logging
import time
from functools import cache
from typing import Any

from flask import Flask, Response, g, request

from lumina import logs, metrics

log = logging.getLogger("lumina.requests")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# Asked every few seconds by machines, or many at once by every page: told where something is wrong with them.
QUIET = {"/healthz", "/readyz", "/metrics", "/static/v-<version>/<path:path>"}
ID = "X-Request-Id"


def init_app(app: Flask) -> None:
    """Note every request; begun before all else, which may refuse it, and ended after all else."""
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request_funcs.setdefault(None, []).insert(0, _end)
    app.teardown_request(lambda _: logs.end())


def _begin() -> None:
    g.began = time.perf_counter()
    logs.begin(request.headers.get(ID))


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.began
    route = request.url_rule.rule if request.url_rule else "none"
    method = request.method if request.method in METHODS else "other"
    _series(method, route, response.status_code // 100).observe(seconds)
    if around := logs.around():
        response.headers[ID] = around.request_id
    if level := _level(route, response.status_code):
        fields = {
            "method": method,
            "route": route,
            "status": response.status_code,
            "duration_ms": round(seconds * 1000, 1),
            "address": request.remote_addr,
        }
        log.log(level, "request", extra={"fields": fields})
    return response


def _level(route: str, status: int) -> int:
    if status >= 500:
        return logging.WARNING
    return logging.DEBUG if route in QUIET and status < 400 else logging.INFO


@cache
def _series(method: str, route: str, status: int) -> Any:
    return metrics.requests.labels(method, route, f"{status}xx")
