"""The one place where sockets turn errors into acknowledgements."""

from __future__ import annotations

from lumina.presenters.refusals import Failure, failure, refusal


def answer(error: Exception) -> Failure:
    """Any exception as a refusing acknowledgement; the connection stays."""
    return failure(refusal(error))
