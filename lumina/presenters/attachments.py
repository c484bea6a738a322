"""Files in words and measures, for templates."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from lumina.presenters import shapes
from lumina.presenters.texts import t

# Within this many pixels either way a picture is shown in a bubble; one that is tiny at no less than this.
BOX, LEAST = 320, 48
UNITS = ("KB", "MB", "GB")
BARS = 44
ICONS = (
    ("zip", "file-archive"),
    ("tar", "file-archive"),
    ("7z", "file-archive"),
    ("sheet", "sheet"),
    ("excel", "sheet"),
    ("csv", "sheet"),
    ("presentation", "presentation"),
    ("powerpoint", "presentation"),
)
WORDS = {"image": "photo", "video": "video", "voice": "voice"}


def kind(attachment: shapes.Attachment) -> str:
    """image, video, audio or file."""
    family = attachment["mimeType"].partition("/")[0]
    return family if family in ("image", "video", "audio") else "file"


def is_visual(mime: str) -> bool:
    """Whether it is shown among pictures."""
    return mime.startswith(("image/", "video/"))


def icon(attachment: shapes.Attachment) -> str:
    """The icon that stands for a file."""
    family, _, sub = attachment["mimeType"].partition("/")
    if family == "audio":
        return "music"
    return next((name for part, name in ICONS if part in sub), "file-text")


def size(count: int) -> str:
    """In the unit that people use: 812 bytes, 4.1 MB."""
    if count < 1000:
        return t("file.bytes", count=count)
    amount = float(count)
    for unit in UNITS:
        amount /= 1000
        if amount < 1000 or unit == UNITS[-1]:
            break
    return f"{amount:.1f} {unit}" if amount < 100 else f"{amount:.0f} {unit}"


def length(duration_ms: int | None) -> str:
    """0:07, 12:30, 1:02:03."""
    seconds = round((duration_ms or 0) / 1000)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def fitted(attachment: shapes.Attachment) -> tuple[int, int]:
    """Width and height in which a picture or a film is shown, known before it is there."""
    width, height = attachment.get("width", BOX), attachment.get("height", BOX * 3 // 4)
    scale = min(1, BOX / width, BOX / height)
    return max(round(width * scale), LEAST), max(round(height * scale), LEAST)


def bars(peaks: list[float] | None) -> list[int]:
    """The heights of a waveform's bars, 2 to 24, out of as many peaks as there are."""
    peaks = peaks or [0.0]
    ends = [number * len(peaks) // BARS for number in range(BARS + 1)]
    return [2 + round(22 * max(peaks[start : max(stop, start + 1)])) for start, stop in pairwise(ends)]


def words(message: Any) -> str:
    """What a message without a text is, in a word: "Photo", "3 photos", a file's name."""
    attached = message.get("attachments") or []
    if (key := WORDS.get(message["messageType"])) is None:
        return (
            attached[0]["fileName"]
            if len(attached) == 1
            else t("file.files" if attached else "file.one", count=len(attached))
        )
    if key != "voice" and len(attached) > 1:
        return t(f"file.{key}s", count=len(attached))
    return t(f"file.{key}")
