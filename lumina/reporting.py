"""Faults go to whoever collects them at SENTRY_DSN: what is logged as an error with an exception, and nothing else.

A report has the exception's kind, where it came from, the route, the ids of request and person. It has no body, query,
cookie, header, address or local variable, and of the exception's words what scrubbing.py lets out.
"""

from __future__ import annotations

import logging
import os
from time import monotonic
from typing import Any

from werkzeug.exceptions import HTTPException

from lumina import logs, scrubbing
from lumina.config import Config
from lumina.errors import LuminaError

# Asked of the environment and here, because the import itself costs 0.2 s and 20 MB, too much where nobody collects.
if os.environ.get("SENTRY_DSN"):
    import sentry_sdk
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.integrations.dedupe import DedupeIntegration
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration
    from sentry_sdk.integrations.flask import FlaskIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration

KEPT = {
    "contexts",
    "environment",
    "event_id",
    "exception",
    "level",
    "logger",
    "platform",
    "release",
    "sdk",
    "server_name",
    "timestamp",
    "transaction",
}
# While a server that we lean on is away, each loop fails at every turn: one report a minute tells as much.
SAME_SECONDS = 60
MOST_KNOWN = 500
_reported: dict[object, float] = {}


def set_up(config: Config) -> None:
    """Begin to report, where SENTRY_DSN says to whom."""
    if not config.sentry_dsn:
        return
    sentry_sdk.init(
        dsn=config.sentry_dsn,
        environment=config.env,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            AtexitIntegration(callback=lambda pending, timeout: None),
            DedupeIntegration(),
            ExcepthookIntegration(),
            FlaskIntegration(transaction_style="url"),
            LoggingIntegration(level=None, event_level=logging.ERROR),
        ],
        before_send=_scrub,
        include_local_variables=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        send_default_pii=False,
    )


def _scrub(event: Any, hint: dict[str, Any]) -> Any:
    """What may leave of a report; None where nothing should."""
    error = (hint.get("exc_info") or (None, None, None))[1]
    if error is None or _is_expected(error) or _is_known(error):
        return None
    told = {(type(one).__name__, str(one)): scrubbing.message(one) for one in scrubbing.chain(error)}
    for value in event["exception"]["values"]:
        value["value"] = told.get((value["type"], value["value"]), "")
    scrubbed = {name: member for name, member in event.items() if name in KEPT}
    scrubbed["contexts"] = {
        name: context for name, context in event.get("contexts", {}).items() if name in ("runtime", "trace")
    }
    if around := logs.around():
        scrubbed["tags"] = {"request_id": around.request_id}
        if around.user_id is not None:
            scrubbed["user"] = {"id": str(around.user_id)}
    if method := event.get("request", {}).get("method"):
        scrubbed["request"] = {"method": method}
    return scrubbed


def _is_expected(error: BaseException) -> bool:
    """A refusal is an answer, not a fault."""
    if isinstance(error, HTTPException):
        return (error.code or 500) < 500
    return isinstance(error, LuminaError) and error.status < 500


def _is_known(error: BaseException) -> bool:
    """Whether the same fault, at the same line, was reported just now."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = (type(error), frame and (frame.tb_frame.f_code, frame.tb_lineno))
    now = monotonic()
    if now < _reported.get(where, 0):
        return True
    if len(_reported) >= MOST_KNOWN:
        _reported.clear()
    _reported[where] = now + SAME_SECONDS
    return False
