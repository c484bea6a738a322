"""MP4 and QuickTime files are boxes, some within others: the place, the device and the person that a phone writes down stand
in boxes of their own, beside sound and pictures; tracks.py knows of those that a camera writes all along."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO, NamedTuple

from lumina.media.refusing import Damaged

HEADER, LARGE = struct.Struct(">I4s"), struct.Struct(">Q")
# Where such boxes may be: at the top, within the film, within one of its tracks.
WITHIN = {None: b"moov", b"moov": b"trak", b"trak": None}
FREE = b"free"
# Dashboard cameras write their places into space that says it is free.
TELLING = {b"udta", b"meta", b"uuid", b"gps ", b"skip", FREE}
BLOCK = 64 * 1024
# A film of hours in fragments has some thousands beside one another.
MOST_BOXES = 100_000


class Box(NamedTuple):
    """Where a box stands in its file: from `start`, its content from `body`, to before `end`."""

    kind: bytes
    start: int
    body: int
    end: int


def blank(file: IO[bytes]) -> None:
    """Make empty space of what such a file tells beside sound and pictures. Nothing in it moves, and it stays as long.
    Raises Damaged."""
    _blank(file, 0, file.seek(0, 2), None)
    file.seek(0)


def _blank(file: IO[bytes], start: int, end: int, parent: bytes | None) -> None:
    for box in within(file, start, end):
        if box.kind in TELLING:
            empty(file, box)
        elif box.kind == WITHIN[parent]:
            _blank(file, box.body, box.end, box.kind)


def within(file: IO[bytes], start: int, end: int) -> Iterator[Box]:
    """The boxes beside one another there, as far as they make sense. Raises Damaged where they are too many."""
    for _ in range(MOST_BOXES):
        if start + HEADER.size > end:
            return
        file.seek(start)
        size, kind = HEADER.unpack(file.read(HEADER.size))
        head = HEADER.size
        if size == 1 and start + head + LARGE.size <= end:
            [size] = LARGE.unpack(file.read(LARGE.size))
            head += LARGE.size
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            return
        yield Box(kind, start, start + head, start + size)
        start += size
    raise Damaged


def empty(file: IO[bytes], box: Box) -> None:
    """Let it be free space."""
    file.seek(box.start + 4)
    file.write(FREE)
    zero(file, box.body, box.end)


def zero(file: IO[bytes], start: int, end: int) -> None:
    """Let nothing stand from `start` to before `end`."""
    file.seek(start)
    for left in range(end - start, 0, -BLOCK):
        file.write(bytes(min(left, BLOCK)))
