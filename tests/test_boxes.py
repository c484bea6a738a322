"""What MP4 and QuickTime files tell beside sound and pictures, and what is left of it."""

import io
import struct

import av
import pytest

from lumina.media import Damaged, boxes
from tests.support import files

PLACE = "+48.2082+016.3738/"


def blanked(content):
    file = io.BytesIO(content)
    boxes.blank(file)
    return file.read()


def box(kind, content=b"", size=None):
    return struct.pack(">I4s", len(content) + 8 if size is None else size, kind) + content


def seen(content):
    """(how long a film lasts, how many pictures it has, what it tells beside them)"""
    with av.open(io.BytesIO(content)) as container:
        pictures = sum(1 for _ in container.decode(video=0))
        return container.duration, pictures, dict(container.metadata)


@pytest.mark.parametrize("movflags", ["", "use_metadata_tags", "frag_keyframe+empty_moov"])
@pytest.mark.parametrize("form", ["mp4", "mov"])
def test_a_film_loses_its_place_and_nothing_else(form, movflags):
    film = files.film(form, place=PLACE, **({"movflags": movflags} if movflags else {}))
    left = blanked(film)
    (lasts, pictures, told), (lasts_now, pictures_now, told_now) = seen(film), seen(left)
    assert told["location"] == PLACE
    assert "location" not in told_now
    assert PLACE.encode() not in left
    assert (lasts_now, pictures_now, len(left)) == (lasts, pictures, len(film))


@pytest.mark.parametrize(
    "kinds",
    [
        (b"udta",),
        (b"moov", b"udta"),
        (b"moov", b"meta"),
        (b"moov", b"trak", b"udta"),
        (b"uuid",),
        (b"moov", b"gps "),
        (b"skip",),
    ],
)
def test_wherever_it_may_stand(kinds):
    content = b"+48.2082"
    for kind in reversed(kinds):
        content = box(kind, content)
    left = blanked(box(b"ftyp") + content + box(b"mdat", b"pictures"))
    assert b"+48.2082" not in left
    assert kinds[-1] not in left
    assert left.endswith(box(b"mdat", b"pictures"))


def test_sizes_of_both_kinds():
    large = struct.pack(">I4sQ", 1, b"udta", 16 + 70_000) + b"x" * 70_000
    assert blanked(large + box(b"mdat", b"x")) == large[:4] + b"free" + large[8:16] + bytes(70_000) + box(
        b"mdat", b"x"
    )
    to_the_end = box(b"udta", b"told", size=0)
    assert blanked(to_the_end) == box(b"free", bytes(4), size=0)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\0\0\0",
        box(b"udta", b"x", size=7),
        box(b"udta", b"x", size=900),
        struct.pack(">I4s", 1, b"udta") + b"\0\0",
        struct.pack(">I4sQ", 1, b"udta", 3),
        box(b"moov", box(b"moov", box(b"udta", b"x"))),
        box(b"moov", size=0) * 5_000,
    ],
)
def test_what_makes_no_sense_stays_as_it_is(damaged):
    assert blanked(damaged) == damaged


def test_nor_does_space_that_says_it_is_free_tell_anything():
    assert blanked(box(b"free", b"freeGPS +48.2082") + box(b"mdat", b"x")) == box(b"free", bytes(16)) + box(
        b"mdat", b"x"
    )


def test_more_boxes_than_any_film_has(monkeypatch):
    monkeypatch.setattr(boxes, "MOST_BOXES", 3)
    assert blanked(box(b"wide") * 2) == box(b"wide") * 2
    with pytest.raises(Damaged):
        blanked(box(b"wide") * 4)
