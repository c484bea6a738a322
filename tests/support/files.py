"""Files to send: real ones, made by the libraries that make such files, and ones that lie."""

from __future__ import annotations

import gzip
import io
import math
import tarfile
import zipfile
from array import array
from functools import cache
from typing import Any

import av
from PIL import Image, TiffImagePlugin

from tests.support.api import Api
from tests.support.cast import Person

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
ORIENTATION, GPS, LATITUDE = 0x0112, 0x8825, 2
FORM = "multipart/form-data"


@cache
def picture(format: str = "PNG", size: tuple[int, int] = (60, 40), colour: str = "teal") -> bytes:
    """A picture of one colour."""
    into = io.BytesIO()
    Image.new("RGB", size, colour).save(into, format)
    return into.getvalue()


@cache
def telling_photo() -> bytes:
    """A photo lying on its side (40 by 60 as it is to be seen), which says where it was taken, and by whom."""
    image, exif = Image.new("RGB", (60, 40), "teal"), Image.Exif()
    # Red at the left of the file's pixels: upright, that is the top.
    image.paste("red", (0, 0, 20, 40))
    exif[ORIENTATION], exif[0x013B] = 6, "Somebody's Name"
    exif.get_ifd(GPS)[LATITUDE] = tuple(TiffImagePlugin.IFDRational(n) for n in (46, 57, 3))
    into = io.BytesIO()
    image.save(into, "JPEG", exif=exif, comment=b"Somebody's comment", quality=95)
    return into.getvalue()


@cache
def photo_with_a_depth_map() -> bytes:
    """A JPEG with a second picture behind the first, as phones write it; both say whose they are."""
    exif, into = Image.Exif(), io.BytesIO()
    exif[0x013B] = "Somebody's Name"
    photo, depth = Image.new("RGB", (60, 40), "teal"), Image.new("L", (30, 20), "grey")
    photo.save(into, "MPO", save_all=True, append_images=[depth], exif=exif)
    return into.getvalue()


@cache
def animation(frames: int = 3, size: tuple[int, int] = (20, 20)) -> bytes:
    """A GIF of some frames."""
    images = [Image.new("RGB", size, (number * 60 % 256, 90, 90)) for number in range(frames)]
    into = io.BytesIO()
    images[0].save(into, "GIF", save_all=True, append_images=images[1:], duration=80, comment=b"secret")
    return into.getvalue()


@cache
def long_animation(rounds: int, size: tuple[int, int]) -> bytes:
    """A GIF that goes through four frames this often. Made of bytes: to make it of pixels takes a lot of both."""
    once = animation(4, size)
    start = 13 + (3 << (once[10] & 7) + 1)  # behind its head and its colours
    return once[:start] + once[start:-1] * rounds + once[-1:]


SOUNDS = {
    "webm": ("webm", "libopus"),
    "ogg": ("ogg", "libopus"),
    "m4a": ("mp4", "aac"),
    "mp3": ("mp3", "libmp3lame"),
    "wav": ("wav", "pcm_s16le"),
    "flac": ("flac", "flac"),
}


@cache
def sound(ending: str = "webm", seconds: float = 1, rate: int = 48_000) -> bytes:
    """A tone that is soft in its first half and loud in its second."""
    container_format, codec = SOUNDS[ending]
    into = io.BytesIO()
    with av.open(into, "w", format=container_format) as container:
        stream: Any = container.add_stream(codec, rate=rate)
        stream.layout = "mono"
        size, total = rate // 50, int(seconds * rate)
        for start in range(0, total, size):
            frame = av.AudioFrame(format="s16", layout="mono", samples=size)
            frame.sample_rate, frame.pts = rate, start
            loud = 4_000 if start < total / 2 else 20_000
            frame.planes[0].update(
                array(
                    "h", (int(loud * math.sin(2 * math.pi * 440 * (start + n) / rate)) for n in range(size))
                ).tobytes()
            )
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return into.getvalue()


@cache
def film(
    container_format: str = "mp4",
    codec: str = "mpeg4",
    seconds: float = 1,
    place: str | None = None,
    **options: str,
) -> bytes:
    """A silent film, 64 by 48; with a place, as a phone writes where it was taken."""
    into = io.BytesIO()
    with av.open(into, "w", format=container_format, options=options) as container:
        container.metadata.update({"location": place} if place else {})
        stream: Any = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(int(10 * seconds)):
            container.mux(
                stream.encode(av.VideoFrame.from_image(Image.new("RGB", (64, 48), (number * 20, 90, 90))))
            )
        container.mux(stream.encode())
    return into.getvalue()


def archive(entries: dict[str, bytes], *, packed: bool = True) -> bytes:
    """A ZIP of these."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return into.getvalue()


def document(folder: str, **more: bytes) -> bytes:
    """An office document as far as its envelope goes: word/, xl/ or ppt/."""
    return archive({"[Content_Types].xml": b"<Types/>", f"{folder}/content.xml": b"<x/>", **more})


def tarball() -> bytes:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w") as made:
        entry = tarfile.TarInfo("notes.txt")
        entry.size = 5
        made.addfile(entry, io.BytesIO(b"hello"))
    return into.getvalue()


def squeezed(content: bytes = b"hello") -> bytes:
    return gzip.compress(content)


def form(field: str, *sent: tuple[str, bytes] | tuple[str, bytes, str]) -> dict[str, Any]:
    """The part of a multipart form that bears files, each (name, content) or (name, content, type)."""
    return {field: [(io.BytesIO(one[1]), one[0], *one[2:]) for one in sent]}


def upload(
    api: Api,
    person: Person,
    name: str = "photo.png",
    content: bytes | None = None,
    type: str | None = None,
    *,
    status: int = 201,
) -> dict[str, Any]:
    """The attachment that an upload becomes; with another expected status, the refusal."""
    sent = (name, picture() if content is None else content, *([type] if type else []))
    answer = api.as_(person).request("POST", "/api/messages/attachments", data=form("file", sent))
    found = api._read(answer, status)
    attachment: dict[str, Any] = found["attachment"] if status == 201 else found
    return attachment


def send(
    api: Api,
    person: Person,
    conversation: dict[str, Any],
    *sent: tuple[str, bytes] | tuple[str, bytes, str],
    status: int = 201,
    **fields: str,
) -> dict[str, Any]:
    """A message sent with its files in one request."""
    data = {"conversationId": conversation["id"], **fields, **form("attachments", *sent)}
    found = api._read(api.as_(person).request("POST", "/api/messages", data=data, content_type=FORM), status)
    message: dict[str, Any] = found["message"] if status == 201 else found
    return message


def fetch(api: Api, person: Person | None, url: str, **headers: str) -> Any:
    """A file as a program gets it."""
    caller = api.as_(person) if person else api
    return caller.with_headers(**headers).request("GET", url)
