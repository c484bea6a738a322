"""Films whose camera writes a track of where it is: what is left of that, and what of the film."""

import io
import struct
from tempfile import TemporaryFile

import av
import pytest

from lumina.media import Damaged, prepare, recognise, tracks
from tests.support import files
from tests.test_boxes import box, seen

PLACES = [b"GPS +48.2082+016.3738", b"GPS +48.2083+016.3739 and on", b"GPS +48.2084+016.3740"]


def dropped(content):
    file = io.BytesIO(content)
    tracks.drop(file)
    assert file.tell() == 0
    return file.read()


def table(kind, *rows, head=(), code="I"):
    numbers = [number for row in rows for number in row]
    return box(kind, struct.pack(f">I{len(head)}II{len(numbers)}{code}", 0, *head, len(rows), *numbers))


def track(chunks, runs, sizes, handler=b"meta", uniform=0, code="I"):
    """A track whose samples of these sizes stand in these chunks, by runs of (first chunk, samples in each)."""
    described = box(b"stsd", struct.pack(">II", 0, 1) + box(b"gpmd", bytes(6) + b"\0\1"))
    offsets = table(b"stco" if code == "I" else b"co64", *((offset,) for offset in chunks), code=code)
    samples = [described, table(b"stts", (3, 100))]
    samples += [table(b"stsc", *((*run, 1) for run in runs))]
    samples += [table(b"stsz", *((size,) for size in sizes), head=(uniform,)), offsets]
    told = box(b"hdlr", struct.pack(">II4s12x", 0, 0, handler) + b"GoPro MET\0")
    media = box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 1000, 300, 0, 0)) + told
    media += box(b"minf", box(b"stbl", b"".join(samples)))
    return box(b"trak", box(b"tkhd", struct.pack(">IIII68x", 7, 0, 0, 9)) + box(b"mdia", media))


def with_track(made):
    """A film whose camera has written PLACES, and the track that `made` makes of where these stand."""
    film = files.film()
    at = film.index(b"moov") - 4
    assert at + int.from_bytes(film[at : at + 4]) == len(film)
    moov = film[at + 8 :] + made(at + 8)
    return film[:at] + box(b"mdat", b"".join(PLACES)) + box(b"moov", moov)


def starts(begin, pieces=PLACES):
    return [begin + sum(map(len, pieces[:number])) for number in range(len(pieces))]


SIZES = [len(place) for place in PLACES]
LAYOUTS = {
    "a chunk each": lambda begin: track(starts(begin), [(1, 1)], SIZES),
    "far into a large file": lambda begin: track(starts(begin), [(1, 1)], SIZES, code="Q"),
    "one chunk": lambda begin: track([begin], [(1, 3)], SIZES),
    "two runs": lambda begin: track([begin, starts(begin)[2]], [(1, 2), (2, 1)], SIZES),
    "all of one size": lambda begin: track([begin], [(1, 70)], [], uniform=1),
    "subtitles of a drone": lambda begin: track(starts(begin), [(1, 1)], SIZES, handler=b"sbtl"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_where_a_camera_has_been_is_gone_and_the_film_is_not(layout):
    film = with_track(LAYOUTS[layout])
    with av.open(io.BytesIO(film)) as container:
        assert len(container.streams) == 2
    left = dropped(film)
    with av.open(io.BytesIO(left)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
    assert seen(left) == seen(files.film())
    assert len(left) == len(film)
    for told in (b"GPS", b"GoPro", b"gpmd"):
        assert told in film
        assert told not in left


def test_what_refers_to_it_does_so_no_longer():
    film = with_track(LAYOUTS["one chunk"])
    refers = box(b"tref", box(b"cdsc", struct.pack(">I", 9)))
    at = film.index(b"trak") + 4
    grown = bytearray(film[:at] + refers + film[at:])
    for kind in (b"moov", b"trak"):
        start = grown.index(kind) - 4
        grown[start : start + 4] = struct.pack(">I", int.from_bytes(grown[start : start + 4]) + len(refers))
    left = dropped(bytes(grown))
    assert b"cdsc" not in left
    assert seen(left) == seen(files.film())


@pytest.mark.parametrize(
    "film",
    [
        files.film(),
        files.sound("m4a"),
        files.film(movflags="frag_keyframe+empty_moov"),
        box(b"moov", LAYOUTS["one chunk"](8)) + box(b"mdat", b"GPS"),
        box(b"moov", box(b"trak", box(b"mdia")) + box(b"trak")),
        box(b"moov", size=900),
        b"",
    ],
)
def test_what_has_no_other_tracks_stays_as_it_is(film):
    assert dropped(film) == film


def test_a_film_in_fragments_stays_as_it_is():
    film = with_track(lambda begin: LAYOUTS["one chunk"](begin) + box(b"mvex"))
    assert dropped(film) == film


LIES = {
    "beyond the file": lambda begin: track([2**32 - 1], [(1, 1)], [2**32 - 1]),
    "all of the file": lambda begin: track([0, 0, 0], [(1, 1)], [], uniform=2**32 - 1),
    "more rows than there are": lambda begin: track([begin], [(1, 2**32 - 1)], [1]),
    "runs backwards": lambda begin: track([begin] * 3, [(3, 1), (1, 1), (2, 1)], [1, 1]),
    "no tables": lambda begin: box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + b"meta"))),
    "half tables": lambda begin: box(
        b"trak", box(b"mdia", box(b"hdlr") + box(b"minf", box(b"stbl", box(b"stsz") + box(b"stco"))))
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_one_that_lies_spoils_no_more_than_its_own_pictures(lie):
    film = with_track(LIES[lie])
    left = dropped(film)
    at = film.index(b"moov")
    assert left[at : at + 200] == film[at : at + 200]
    assert len(left) == len(film)
    with av.open(io.BytesIO(left)) as container:
        assert [stream.type for stream in container.streams] == ["video"]


def test_more_than_a_camera_writes_is_refused(monkeypatch):
    film = with_track(lambda begin: LAYOUTS["a chunk each"](begin) * 65)
    with pytest.raises(Damaged):
        dropped(film)
    film = with_track(lambda begin: LAYOUTS["a chunk each"](begin) * 2)
    monkeypatch.setattr(tracks, "MOST_NUMBERS", 5)
    with pytest.raises(Damaged):
        dropped(film)
    monkeypatch.setattr(tracks, "MOST_NUMBERS", 2)
    with pytest.raises(Damaged):
        dropped(film)


def test_it_is_gone_from_what_is_kept():
    film = with_track(LAYOUTS["two runs"])
    with TemporaryFile() as sent:
        sent.write(film)
        with prepare(recognise("ride.mp4", "video/mp4", sent), sent) as prepared:
            kept = prepared.file.read()
    assert b"GPS" in film
    assert b"GPS" not in kept
    assert seen(kept)[:2] == seen(files.film())[:2]
