from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Protocol


class Missing(Exception):
    """There are no bytes under this key."""


class Unreachable(Exception):
    """The storage does not answer, or does not do what is asked."""


@dataclass(frozen=True)
class Served:
    """How a browser is to take a file: under which name, as which type, to be shown or to be saved."""

    file_name: str
    mime: str
    is_inline: bool


class Storage(Protocol):
    """Bytes under keys. Every call may wait for a network; none may be made inside a unit of work."""

    @property
    def origin(self) -> str | None:
        """Of the addresses that `link` gives, for the pages' policy; None where it gives none."""

    def put(self, key: str, file: IO[bytes]) -> None:
        """Keep all of a file, or nothing of it. Raises Unreachable."""

    def size(self, key: str) -> int:
        """How many bytes there are. Raises Missing, Unreachable."""

    def read(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to before `stop`, a block at a time. Raises Missing, Unreachable, at once."""

    def remove(self, key: str) -> None:
        """Let nothing be under this key, as may be already. Raises Unreachable."""

    def link(self, key: str, served: Served) -> str | None:
        """An address under which a browser gets the bytes for a short while, without being asked who it is."""
