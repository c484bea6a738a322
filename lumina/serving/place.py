"""What a worker knows of the supervisor that has started it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """A worker's place: the listening socket and the pipe that it has inherited, and the folder where workers meet."""

    listener: int
    ready: int
    folder: Path
    supervisor: int

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Place | None:
        """None for a process that nobody supervises."""
        given = environ.get("LUMINA_WORKER")
        if given is None:
            return None
        listener, ready, folder = given.split(",", 2)
        return cls(int(listener), int(ready), Path(folder), os.getppid())

    def say_ready(self) -> None:
        """Tell the supervisor that this worker serves."""
        os.write(self.ready, b".")
        os.close(self.ready)

    def is_orphaned(self) -> bool:
        """Whether the supervisor is gone."""
        return os.getppid() != self.supervisor
