"""argon2id hashes of passwords, made and checked off the event loop."""

from __future__ import annotations

import os
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lumina import blocking
from lumina.config import Config
from lumina.errors import Invalid
from lumina.services import text

SHORTEST, LONGEST = 8, 200
# Each hash takes a core and 64 MiB while it lasts.
_places = threading.BoundedSemaphore(os.cpu_count() or 2)
_hasher: PasswordHasher
_nobody: str  # the hash of a password that nobody has


def configure(config: Config) -> None:
    """Set the cost of a hash."""
    global _hasher, _nobody
    _hasher = PasswordHasher(time_cost=config.argon2_time_cost, memory_cost=config.argon2_memory_kib)
    _nobody = _hasher.hash(secrets.token_hex())


def hashed(password: str, field: str = "password") -> str:
    """The hash of a new password. Raises Invalid for one too short or too long."""
    text.clean(password, field)
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid.field(field, f"A password has {SHORTEST} to {LONGEST} characters.")
    with _places:
        return blocking.run(_hasher.hash, password)


def matches(password: str, stored: str | None) -> bool:
    """Whether a stored hash is of this password; takes as long where there is none."""
    with _places:
        return blocking.run(_verify, stored or _nobody, password) and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password.encode(errors="replace"))
    except (VerificationError, InvalidHashError):
        return False
