"""What an operation may refuse with. Each door translates these once, in its own errors.py."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict


class FieldError(TypedDict):
    field: str
    message: str


class LuminaError(Exception):
    """A refusal: an HTTP status, a machine word, a sentence for a person, and the fields at fault; `data` where a rule of
    the contract says so."""

    status = 400
    code = "invalid"
    message = "This request cannot be carried out."

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        errors: list[FieldError] | None = None,
        retry_after: int | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.errors = errors or []
        self.retry_after = retry_after
        self.data = data
        super().__init__(self.message)


class Invalid(LuminaError):
    """400: malformed, or a value that makes no sense."""

    @classmethod
    def field(cls, field: str, message: str) -> Invalid:
        return cls(message, errors=[{"field": field, "message": message}])


class Unauthorized(LuminaError):
    """401: nobody is signed in, or not any more."""

    status, code, message = 401, "unauthorized", "Please sign in."


class InsufficientBalance(LuminaError):
    """402: it costs more than the wallet has available."""

    status, code, message = 402, "insufficient_balance", "There is not enough in your wallet for this."


class Forbidden(LuminaError):
    """403: visible, but not allowed."""

    status, code, message = 403, "forbidden", "You are not allowed to do this."


class NotFound(LuminaError):
    """404: missing, or not visible to the actor; which of the two is nobody's business."""

    status, code, message = 404, "not_found", "This does not exist, or you cannot see it."


class Conflict(LuminaError):
    """409: the state of things is against it."""

    status, code, message = 409, "conflict", "This conflicts with how things are now."


class TooMany(LuminaError):
    """429: more often than allowed; retry_after is in seconds."""

    status, code, message = 429, "too_many_requests", "Too many attempts. Please wait a little."


class Unavailable(LuminaError):
    """503: the database (or another server we lean on) does not answer."""

    status, code, message = 503, "unavailable", "This is out of reach for a moment. Please try again."
