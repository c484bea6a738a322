"""The folder of one test run, shared by its processes. Its lock is held as long as the run lives."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

VARIABLE = "LUMINA_TEST_RUN"


class RunDir:
    """Made and removed by the run's first process; the workers of xdist find it in their environment."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="lumina-test-"))
        self.path.chmod(0o711)  # PostgreSQL's own user must be able to pass through
        os.environ[VARIABLE] = str(self.path)
        self._alive: IO[str] = (self.path / "alive").open("w")
        fcntl.flock(self._alive, fcntl.LOCK_EX)

    def remove(self) -> None:
        """Ends what waits for the run's end, waits for that in turn, then removes the folder."""
        self._alive.close()
        with locked(self.path / "supervised"):
            shutil.rmtree(self.path, ignore_errors=True)
        os.environ.pop(VARIABLE, None)


def pytest_configure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        config.add_cleanup(RunDir().remove)


def path() -> Path:
    """The folder of the run that this process belongs to."""
    return Path(os.environ[VARIABLE])


def wait_for_end(run: Path) -> None:
    """Returns when the run's first process has ended, however it ended."""
    with locked(run / "alive"):
        return


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Holds a lock among processes."""
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
