"""Tracks of a film that are neither sound nor pictures: where an action camera, a drone or a phone has been, second by
second. Their boxes become free space, and so do their samples, which stand among those of the others."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate, repeat
from typing import IO

from lumina.media.boxes import Box, empty, within, zero
from lumina.media.refusing import Damaged

# What a track's handler says: pictures, sound, and pictures of how transparent others are.
KEPT = {b"vide", b"soun", b"auxv"}
MOST_TRACKS = 64
# Numbers in one table: of thirty samples a second for four hours.
MOST_NUMBERS = 500_000
Span = tuple[int, int]


def drop(file: IO[bytes]) -> None:
    """Leave only sound and pictures. Nothing moves, and the file stays as long. A film in fragments, as browsers record
    them, stays as it is. Raises Damaged."""
    top = list(within(file, 0, file.seek(0, 2)))
    media = [(box.body, box.end) for box in top if box.kind == b"mdat"]
    for film in [box for box in top if box.kind == b"moov"]:
        _drop(file, film, media)
    file.seek(0)


def _drop(file: IO[bytes], film: Box, media: list[Span]) -> None:
    boxes = list(within(file, film.body, film.end))
    tracks = [box for box in boxes if box.kind == b"trak"]
    if len(tracks) > MOST_TRACKS:
        raise Damaged
    others = [track for track in tracks if _handler(file, track) not in KEPT]
    if len(others) in (0, len(tracks)) or any(box.kind == b"mvex" for box in boxes):
        return
    spans: list[Span] = []
    for track in others:
        spans += _samples(file, track)
        if len(spans) > MOST_NUMBERS:
            raise Damaged
    for start, end in _common(sorted(spans), media):
        zero(file, start, end)
    for track in tracks:
        if track in others:
            empty(file, track)
        # What is left may refer to them.
        elif found := _inside(file, track, b"tref"):
            empty(file, found)


def _inside(file: IO[bytes], box: Box, *path: bytes) -> Box | None:
    """The first box of these kinds, each within the one before."""
    for kind in path:
        found = next((one for one in within(file, box.body, box.end) if one.kind == kind), None)
        if found is None:
            return None
        box = found
    return box


def _handler(file: IO[bytes], track: Box) -> bytes:
    """What a track's media are; where it does not say, pictures, so that it stays."""
    box = _inside(file, track, b"mdia", b"hdlr")
    if box is None:
        return b"vide"
    file.seek(box.body)
    return file.read(12)[8:]


def _samples(file: IO[bytes], track: Box) -> Iterator[Span]:
    """Where a track's samples stand, chunk by chunk. One that lies leads to anywhere."""
    table = _inside(file, track, b"mdia", b"minf", b"stbl")
    boxes = {box.kind: box for box in within(file, table.body, table.end)} if table else {}
    chunks = _numbers(file, boxes.get(b"stco"), "I") or _numbers(file, boxes.get(b"co64"), "Q")
    of_each, sizes = _sizes(file, boxes.get(b"stsz"))
    ends = [0, *accumulate(sizes)]
    sample, last = 0, len(ends) - 1
    for start, count in zip(chunks, _counts(_numbers(file, boxes.get(b"stsc"), "I")), strict=False):
        following = sample + count
        yield start, start + (of_each * count or ends[min(following, last)] - ends[min(sample, last)])
        sample = following


def _sizes(file: IO[bytes], box: Box | None) -> tuple[int, Sequence[int]]:
    """The size of every sample, or 0 and that of each."""
    if box is None or box.end - box.body < 12:
        return 0, []
    file.seek(box.body + 4)
    return int.from_bytes(file.read(4)), _numbers(file, box, "I", skip=12)


def _counts(runs: Sequence[int]) -> Iterator[int]:
    """How many samples each chunk has: of runs of (its first chunk, samples in each, a description)."""
    firsts, counts = runs[::3], runs[1::3]
    for number, count in enumerate(counts):
        is_last = number + 1 == len(counts)
        yield from repeat(count) if is_last else repeat(count, max(firsts[number + 1] - firsts[number], 0))


def _numbers(file: IO[bytes], box: Box | None, code: str, skip: int = 8) -> Sequence[int]:
    """A box's table, behind its version and the number of rows."""
    found = array(code)
    if box is None:
        return found
    fit = (box.end - box.body - skip) // found.itemsize
    if fit > MOST_NUMBERS:
        raise Damaged
    file.seek(box.body + skip)
    found.frombytes(file.read(max(fit, 0) * found.itemsize))
    if sys.byteorder == "little":
        found.byteswap()
    return found


def _common(spans: list[Span], media: list[Span]) -> Iterator[Span]:
    """What is in both, each byte once; both are sorted."""
    behind, left = 0, iter(media)
    begins, ends = next(left, (0, 0))
    for start, end in spans:
        while ends <= start and (following := next(left, None)):
            begins, ends = following
        first, last = max(start, begins, behind), min(end, ends)
        if first < last:
            yield first, last
            behind = last
