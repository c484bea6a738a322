"""MP4 and QuickTime files are boxes, some within others: the place, the device and the person that a phone writes down stand
in boxes of their own, beside sound and pictures."""

from __future__ import annotations

import struct
from typing import IO

HEADER, LARGE = struct.Struct(">I4s"), struct.Struct(">Q")
# Where such boxes may be: at the top, within the film, within one of its tracks.
WITHIN = {None: b"moov", b"moov": b"trak", b"trak": None}
TELLING = {b"udta", b"meta", b"uuid"}
FREE = b"free"
BLOCK = 64 * 1024


def blank(file: IO[bytes]) -> None:
    """Make empty space of what such a file tells beside sound and pictures. Nothing in it moves, and it stays as long."""
    _blank(file, 0, file.seek(0, 2), None)
    file.seek(0)


def _blank(file: IO[bytes], start: int, end: int, parent: bytes | None) -> None:
    while start + HEADER.size <= end:
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
        if kind in TELLING:
            _empty(file, start, head, size)
        elif kind == WITHIN[parent]:
            _blank(file, start + head, start + size, kind)
        start += size


def _empty(file: IO[bytes], start: int, head: int, size: int) -> None:
    file.seek(start + 4)
    file.write(FREE)
    file.seek(start + head)
    for left in range(size - head, 0, -BLOCK):
        file.write(bytes(min(left, BLOCK)))
