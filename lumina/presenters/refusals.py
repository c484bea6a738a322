"""Whatever went wrong, as a refusal, and the wire form of a refusal. Each door gives it its own dress."""

from __future__ import annotations

import logging
from typing import Any, NotRequired

from limits.errors import StorageError
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from typing_extensions import TypedDict
from werkzeug.exceptions import HTTPException

from lumina.errors import FieldError, Invalid, LuminaError, NotFound, Unavailable
from lumina.presenters import wire
from lumina.services.experts import ExpertView

log = logging.getLogger(__name__)


MOST_ERRORS = 20


class Failure(TypedDict):
    success: bool
    message: str
    code: str
    errors: NotRequired[list[FieldError]]
    data: NotRequired[dict[str, Any]]


class Broken(LuminaError):
    """500: a fault of ours. It is in the log, and nowhere else."""

    status, code, message = 500, "internal_error", "Something went wrong on our side."


CODES = {
    400: "invalid",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "file_too_large",
    415: "unsupported_media_type",
}
WORDS = {404: NotFound.message, 413: "This is larger than can be taken."}


def refusal(error: Exception) -> LuminaError:
    """Any exception as something that may be told."""
    if isinstance(error, LuminaError):
        return error
    if isinstance(error, ValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return _http(error)
    if _unreachable(error):
        log.error("a server that we lean on does not answer: %s", type(error).__name__)
        return Unavailable(retry_after=1)
    log.error("a fault", exc_info=error)
    return Broken()


def failure(error: LuminaError) -> Failure:
    """The contract's form of a refusal."""
    shape: Failure = {"success": False, "message": error.message, "code": error.code}
    if error.errors:
        shape["errors"] = error.errors
    if error.data:
        shape["data"] = {
            name: wire.offer(value) if isinstance(value, ExpertView) else value
            for name, value in error.data.items()
        }
    return shape


def _invalid(error: ValidationError) -> Invalid:
    errors: list[FieldError] = [
        {"field": ".".join(map(str, detail["loc"])) or "body", "message": _sentence(detail)}
        for detail in error.errors(include_url=False, include_context=False, include_input=False)[
            :MOST_ERRORS
        ]
    ]
    return Invalid(f"{errors[0]['field']}: {errors[0]['message']}", errors=errors)


def _sentence(detail: ErrorDetails) -> str:
    return detail["msg"].removeprefix("Value error, ").rstrip(".") + "."


def _http(error: HTTPException) -> LuminaError:
    status = error.code or 500
    known = LuminaError(WORDS.get(status) or error.description, code=CODES.get(status, "refused"))
    known.status = status
    return known


def _unreachable(error: Exception) -> bool:
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout | StorageError):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated
