"""Why a file is not taken; each bears the contract's status and word."""

from __future__ import annotations

from lumina.errors import LuminaError


class NotTaken(LuminaError):
    """415: a type that is not taken, or a file that is not what its name says."""

    status, code, message = 415, "file_type_refused", "Files of this type cannot be sent."


class Damaged(NotTaken):
    """415: a file of a type that is taken, which cannot be read."""

    message = "This file is damaged: it cannot be read."


class TooLarge(LuminaError):
    """413: more bytes, or more pixels, than are taken."""

    status, code, message = 413, "file_too_large", "This file is too large."

    @classmethod
    def than(cls, most: int) -> TooLarge:
        """More bytes than `most`."""
        return cls(f"A file has at most {most / MEGABYTE:.3g} MB.")


# As files' sizes are shown.
MEGABYTE = 1000 * 1000
