"""The process that opens what strangers send: pictures, sound and films are decoded here and nowhere else.

Run by its path, since it needs nothing of Lumina: `python worker.py KIND READER CLEANED THUMB`. The file is its
standard input; CLEANED and THUMB are descriptors to write to. It prints what it found as JSON, or {"refused": WORD}.
Whatever a decoder does to it, it dies alone, and with little: its memory, its time and what it writes have an end, and
it knows none of the server's secrets.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from array import array
from typing import IO, Any

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

# What reads sound and films is not loaded for a picture: it takes longer than the rest together.
if sys.argv[1:2] != ["image"]:
    import av

MEMORY, CPU_SECONDS, WRITTEN = 2 * 1024**3, 25, 256 * 1024**2
MOST_PIXELS = 50_000_000
# All frames of an animation together.
MOST_ANIMATED = 400_000_000
THUMB = 640
PEAKS, RATE = 64, 8000
LONGEST_SOUND = 4 * 3600
POSTER_AT = 1.0
KEPT = ("icc_profile", "transparency", "duration", "loop", "background", "gamma", "disposal", "blend")


class Refused(Exception):
    """The file is damaged, or more than can be taken."""


def main() -> None:
    kind, reader, cleaned, thumb = sys.argv[1:]
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    source = os.fdopen(0, "rb")
    source.seek(0)
    try:
        with os.fdopen(int(cleaned), "wb") as into, os.fdopen(int(thumb), "wb") as small:
            found = (
                picture(source, reader, into, small) if kind == "image" else film(source, kind, reader, small)
            )
    except Refused as refusal:
        found = {"refused": str(refusal)}
    except Exception as error:
        # Decoders raise what they like at what is damaged; there is nothing else here that could fail.
        found = {"refused": "damaged", "why": f"{type(error).__name__}: {error}"[:200]}
    print(json.dumps(found))


def picture(source: IO[bytes], reader: str, into: IO[bytes], small: IO[bytes]) -> dict[str, Any]:
    """The picture anew: upright, and with nothing beside the pixels but what colours and animation need."""
    Image.MAX_IMAGE_PIXELS = None
    # Not what Image.open makes of a JPEG that bears further pictures, as many phones' do: the first one is the photo.
    image: Any = JpegImageFile(source) if reader == "JPEG" else Image.open(source, formats=[reader])
    require_bearable(image.width * image.height, MOST_PIXELS)
    frames = getattr(image, "n_frames", 1)
    require_bearable(image.width * image.height * frames, MOST_ANIMATED if frames > 1 else MOST_PIXELS)
    image.load()
    turned = image.getexif().get(0x0112, 1) not in (0, 1)
    options: dict[str, Any] = {"format": reader}
    if frames > 1:
        options["save_all"] = True
    elif reader == "JPEG":
        options |= {"quality": 90 if turned else "keep", "progressive": True}
    elif reader == "WEBP":
        options |= {"quality": 90}
    elif reader == "AVIF":
        options |= {"quality": 90, "speed": 9}
    upright = ImageOps.exif_transpose(image) if turned and frames == 1 else image
    for one in (upright, image):
        one.info = {name: value for name, value in one.info.items() if name in KEPT}
    upright.encoderinfo = {}
    if upright.info.get("icc_profile"):
        options["icc_profile"] = upright.info["icc_profile"]
    upright.save(into, exif=b"", **options) if reader != "GIF" else upright.save(into, **options)
    upright.seek(0)
    thumbnail(upright, small)
    return {"width": upright.width, "height": upright.height}


def thumbnail(image: Any, small: IO[bytes]) -> None:
    reduced = image.convert("RGBA" if has_alpha(image) else "RGB")
    reduced.thumbnail((THUMB, THUMB))
    reduced.info = {}
    reduced.save(small, "WEBP", quality=80)


def has_alpha(image: Any) -> bool:
    return "A" in image.getbands() or "transparency" in image.info


def film(source: IO[bytes], kind: str, reader: str, small: IO[bytes]) -> dict[str, Any]:
    """How long it lasts; of sound how loud it is, of a film how large, with a picture of it."""
    container: Any
    with av.open(source, format=reader) as container:
        videos = [] if kind == "audio" else list(container.streams.video)
        found: dict[str, Any] = {}
        if videos:
            found = seen(container, videos[0], small)
        elif not container.streams.audio:
            raise Refused("damaged")
        elif kind == "video":
            found["is_only_sound"] = True
        told = container.duration and container.duration // 1000
    if videos and told and told > 0:
        return {**found, "duration_ms": int(told)}
    source.seek(0)
    with av.open(source, format=reader) as container:
        return {**found, **(heard(container) if container.streams.audio else lasting(container))}


def seen(container: Any, stream: Any, small: IO[bytes]) -> dict[str, Any]:
    """A film's size as it is shown, and a picture of one of its first moments."""
    require_bearable(stream.codec_context.width * stream.codec_context.height, MOST_PIXELS)
    poster = None
    for frame in container.decode(stream):
        poster = frame
        if frame.time is None or frame.time >= POSTER_AT:
            break
    if poster is None:
        raise Refused("damaged")
    image = poster.to_image()
    turn = round((getattr(poster, "rotation", 0) or 0) / 90) % 4
    if turn:
        turns = Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270
        image = image.transpose(turns[turn - 1])
    thumbnail(image, small)
    return {"width": image.width, "height": image.height}


def heard(container: Any) -> dict[str, Any]:
    """Measured by playing it through: what recorders write says nothing of its length."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    # The loudest sample of each tenth of a second; of a long sound a few thousand numbers.
    span, loudest, samples, left = RATE // 10, array("H"), 0, array("h")
    for frame in container.decode(container.streams.audio[0]):
        for part in resampler.resample(frame):
            left.frombytes(bytes(part.planes[0])[: part.samples * 2])
            samples += part.samples
        whole = len(left) // span * span
        for start in range(0, whole, span):
            loudest.append(min(max(map(abs, left[start : start + span])), 32767))
        del left[:whole]
        if samples > LONGEST_SOUND * RATE:
            raise Refused("too_large")
    if left:
        loudest.append(min(max(map(abs, left)), 32767))
    if not samples:
        raise Refused("damaged")
    return {"duration_ms": round(samples * 1000 / RATE), "peaks": peaks(loudest)}


def peaks(loudest: Any) -> list[float]:
    """PEAKS numbers from 0 to 1, the loudest of all being 1."""
    count, most = len(loudest), max(max(loudest), 1)
    found = []
    for number in range(PEAKS):
        start = number * count // PEAKS
        found.append(round(max(loudest[start : max((number + 1) * count // PEAKS, start + 1)]) / most, 3))
    return found


def lasting(container: Any) -> dict[str, Any]:
    """Of what is silent: up to its last packet."""
    last = 0.0
    for packet in container.demux(container.streams.video[0]):
        if packet.pts is not None:
            last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return {"duration_ms": round(last * 1000)}


def require_bearable(pixels: int, most: int) -> None:
    if pixels > most:
        raise Refused("too_large")


if __name__ == "__main__":
    main()
