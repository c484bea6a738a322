"""What the decoders' process finds, called here without its process, where each step can be looked at."""

import io
import subprocess
import sys

import pytest
from PIL import Image

from lumina.media import worker
from lumina.presenters import attachments
from tests.support import files


def measured(content, kind, reader):
    into, small = io.BytesIO(), io.BytesIO()
    if kind == "image":
        found = worker.picture(io.BytesIO(content), reader, into, small)
    else:
        found = worker.film(io.BytesIO(content), kind, reader, small)
    return found, into.getvalue(), small.getvalue()


@pytest.mark.parametrize("reader", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_a_picture_of_each_format(reader):
    found, cleaned, small = measured(files.picture(reader), "image", reader)
    assert found == {"width": 60, "height": 40}
    assert Image.open(io.BytesIO(cleaned)).format == reader
    assert Image.open(io.BytesIO(small)).format == "WEBP"


def test_a_turned_picture_and_a_moving_one():
    found, cleaned, _ = measured(files.telling_photo(), "image", "JPEG")
    assert found == {"width": 40, "height": 60}
    assert b"Exif" not in cleaned
    _, cleaned, _ = measured(files.animation(), "image", "GIF")
    assert Image.open(io.BytesIO(cleaned)).n_frames == 3


def test_a_photo_with_further_pictures_is_the_first_of_them():
    found, cleaned, _ = measured(files.photo_with_a_depth_map(), "image", "JPEG")
    assert found == {"width": 60, "height": 40}
    kept = Image.open(io.BytesIO(cleaned))
    assert (kept.format, kept.size) == ("JPEG", (60, 40))
    assert cleaned.count(b"\xff\xd8\xff") == 1
    assert b"Somebody" not in cleaned


def test_colours_stay_what_they_are():
    image = Image.new("RGBA", (8, 8), (10, 20, 30, 128))
    into = io.BytesIO()
    image.save(into, "PNG", icc_profile=b"a profile")
    _, cleaned, small = measured(into.getvalue(), "image", "PNG")
    kept = Image.open(io.BytesIO(cleaned))
    assert kept.info["icc_profile"] == b"a profile"
    assert kept.getpixel((0, 0)) == (10, 20, 30, 128)
    assert Image.open(io.BytesIO(small)).mode == "RGBA"


@pytest.mark.parametrize("size", [(8000, 7000), (50_001, 1000)])
def test_a_picture_that_is_too_large(size):
    into = io.BytesIO()
    Image.new("1", size).save(into, "PNG")
    with pytest.raises(worker.Refused, match="too_large"):
        measured(into.getvalue(), "image", "PNG")


@pytest.mark.parametrize(
    ("ending", "reader"),
    [("webm", "matroska"), ("ogg", "ogg"), ("m4a", "mov"), ("wav", "wav"), ("flac", "flac")],
)
def test_sound(ending, reader):
    found, _, small = measured(files.sound(ending), "audio", reader)
    assert found["duration_ms"] == pytest.approx(1000, abs=60)
    assert len(found["peaks"]) == worker.PEAKS
    assert small == b""


def test_sound_in_what_could_be_a_film():
    found, *_ = measured(files.sound("webm"), "video", "matroska")
    assert found["is_only_sound"] is True


def test_sound_without_end(monkeypatch):
    monkeypatch.setattr(worker, "LONGEST_SOUND", 0.5)
    with pytest.raises(worker.Refused, match="too_large"):
        measured(files.sound("webm"), "audio", "matroska")


def test_films():
    found, _, small = measured(files.film(), "video", "mov")
    assert (found["width"], found["height"]) == (64, 48)
    assert Image.open(io.BytesIO(small)).size == (64, 48)
    # As a recorder writes it: nothing in its head says how long it is.
    found, *_ = measured(files.film("webm", "libvpx", live="1"), "video", "matroska")
    assert found["duration_ms"] == pytest.approx(1000, abs=150)


def test_a_film_that_is_no_sound():
    with pytest.raises(worker.Refused, match="damaged"):
        measured(files.film(), "audio", "mov")


def test_silence_has_peaks():
    assert worker.peaks([0, 0, 0]) == [0] * worker.PEAKS
    assert worker.peaks([5]) == [1] * worker.PEAKS


def test_a_decoder_that_hangs_on_the_event_loop(tmp_path):
    """In a process of its own: there, subprocess is not the one that these tests see."""
    (tmp_path / "worker.py").write_text("import time; time.sleep(60)")
    script = f"""
import eventlet
eventlet.monkey_patch()
import tempfile
from pathlib import Path
from lumina import media
from lumina.media import preparing, types
preparing.PATIENCE_SECONDS, preparing.WORKER = 0.5, Path({str(tmp_path / "worker.py")!r})
try:
    with tempfile.TemporaryFile() as file, media.prepare(types.BY_MIME["image/png"], file):
        print("taken")
except media.Damaged:
    print("damaged")
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True)
    assert done.stdout == "damaged\n", done.stderr


def test_words_for_what_is_sent():
    def message(type, *names):
        return {"messageType": type, "attachments": [{"fileName": name} for name in names]}

    assert attachments.words(message("image", "a.png")) == "Photo"
    assert attachments.words(message("image", "a.png", "b.png")) == "2 photos"
    assert attachments.words(message("video", "a.mp4", "b.mp4", "c.mp4")) == "3 videos"
    assert attachments.words(message("voice", "v.webm")) == "Voice message"
    assert attachments.words(message("file", "a.pdf")) == "a.pdf"
    assert attachments.words(message("file", "a.pdf", "b.pdf")) == "2 files"
    assert attachments.words({"messageType": "file"}) == "File"


def test_sizes_lengths_and_bars():
    sizes = [attachments.size(count) for count in (0, 812, 4_100_000, 123_456_789, 5_000_000_000)]
    assert sizes == ["0 bytes", "812 bytes", "4.1 MB", "123 MB", "5.0 GB"]
    assert [attachments.length(ms) for ms in (None, 7_200, 750_000, 3_723_000)] == [
        "0:00",
        "0:07",
        "12:30",
        "1:02:03",
    ]
    assert attachments.bars(None) == [2] * 44
    assert attachments.bars([0.5, 1]) == [13] * 22 + [24] * 22
    assert attachments.fitted({"width": 1600, "height": 400}) == (320, 80)
    assert attachments.fitted({"width": 10, "height": 4000}) == (48, 320)
    assert attachments.fitted({}) == (320, 240)


@pytest.mark.parametrize(
    ("mime", "icon"),
    [
        ("audio/mpeg", "music"),
        ("application/zip", "file-archive"),
        ("text/csv", "sheet"),
        ("application/vnd.ms-powerpoint", "presentation"),
        ("application/pdf", "file-text"),
    ],
)
def test_icons(mime, icon):
    assert attachments.icon({"mimeType": mime}) == icon
