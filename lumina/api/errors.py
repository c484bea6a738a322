"""The one place where the API turns errors into answers."""

from __future__ import annotations

import orjson
from flask import Response
from werkzeug.exceptions import MethodNotAllowed

from lumina.presenters.refusals import failure, refusal


def answer(error: Exception) -> Response:
    """Any exception in the contract's form of a failure."""
    refused = refusal(error)
    response = Response(orjson.dumps(failure(refused)), refused.status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    if refused.retry_after:
        response.headers["Retry-After"] = str(refused.retry_after)
    if refused.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response
