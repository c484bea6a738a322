"""Files made ready to be kept: measured, and pictures made anew and small, by a process of their own (worker.py)."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from lumina import blocking
from lumina.errors import Unavailable
from lumina.media import boxes, tracks
from lumina.media.refusing import Damaged, TooLarge
from lumina.media.types import BY_MIME, Type

log = logging.getLogger(__name__)
WORKER = Path(__file__).with_name("worker.py")
PATIENCE_SECONDS = 40
BLOCK = 256 * 1024
REFUSALS = {"damaged": Damaged(), "too_large": TooLarge("This is larger, or longer, than can be taken.")}
# A recorder's file has the same ending whether there is a picture or not.
SOUND_ONLY = {
    "video/webm": BY_MIME["audio/webm"],
    "video/mp4": BY_MIME["audio/mp4"],
    "video/quicktime": BY_MIME["audio/mp4"],
}
IN_BOXES = "mov"
# Decoders take a processor each; the server needs one as well.
_turns = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Prepared:
    """What is to be kept of an upload: `file`, at its beginning, of `size` bytes, and a small picture of it."""

    type: Type
    file: IO[bytes]
    size: int
    sha256: str
    thumb: IO[bytes] | None
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    peaks: list[float] | None = None


@contextmanager
def prepare(told: Type, file: IO[bytes]) -> Iterator[Prepared]:
    """What is to be kept of a file of this type, for as long as the block lasts. Raises Damaged, TooLarge."""
    if told.kind == "file":
        yield Prepared(told, file, *blocking.run(_sum, file), None)
        return
    with TemporaryFile() as cleaned, TemporaryFile() as thumb:
        found = _measure(told, file, cleaned, thumb)
        if found.pop("is_only_sound", False):
            told = SOUND_ONLY[told.mime]
        kept = cleaned if told.kind == "image" else file
        if told.reader == IN_BOXES:
            kept = blocking.run(_without_tellings, file, cleaned)
        has_thumb = os.fstat(thumb.fileno()).st_size > 0
        yield Prepared(told, kept, *blocking.run(_sum, kept), thumb if has_thumb else None, **found)


def _measure(type: Type, file: IO[bytes], cleaned: IO[bytes], thumb: IO[bytes]) -> dict[str, Any]:
    into = (cleaned.fileno(), thumb.fileno())
    command = [sys.executable, "-I", str(WORKER), type.kind, type.reader or "", *map(str, into)]
    with _turns:
        try:
            done = subprocess.run(
                command,
                stdin=file,
                capture_output=True,
                pass_fds=into,
                env={},
                timeout=PATIENCE_SECONDS,
                check=True,
            )
        except (subprocess.CalledProcessError, *blocking.OVERDUE) as error:
            # Killed by its limits, or by what it read.
            log.warning("a file of type %s ended the process that read it: %s", type.mime, error)
            raise Damaged from None
        except OSError as error:
            raise Unavailable(retry_after=5) from error
    found: dict[str, Any] = json.loads(done.stdout)
    if "refused" in found:
        log.info("a file of type %s was refused: %s", type.mime, found)
        raise REFUSALS[found["refused"]]
    return found


def _without_tellings(file: IO[bytes], into: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    shutil.copyfileobj(file, into, BLOCK)
    tracks.drop(into)
    boxes.blank(into)
    return into


def _sum(file: IO[bytes]) -> tuple[int, str]:
    """A file's size and checksum; it is at its beginning afterwards."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while block := file.read(BLOCK):
        digest.update(block)
        size += len(block)
    file.seek(0)
    return size, digest.hexdigest()
