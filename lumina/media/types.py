"""The types of files that are taken: everything else is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["image", "audio", "video", "file"]


@dataclass(frozen=True)
class Type:
    """One type: as what it is served, its names' endings, what else browsers call it, and how it is told by its content.

    `found_as` are the endings under which a sniffer may know it, `reader` is the decoder that must be able to read it
    (of Pillow for images, of FFmpeg for audio and video), or how its inside is looked at.
    """

    mime: str
    kind: Kind
    endings: frozenset[str]
    also: frozenset[str] = frozenset()
    found_as: frozenset[str] = frozenset()
    reader: str | None = None

    @property
    def is_inline(self) -> bool:
        """Whether a browser may show it: no script can run in it."""
        return self.kind != "file"


def _type(
    mime: str, kind: Kind, endings: str, *, also: str = "", found_as: str = "", reader: str = ""
) -> Type:
    known = frozenset(endings.split())
    return Type(mime, kind, known, frozenset(also.split()), known | set(found_as.split()), reader or None)


_ZIPPED = "zip docx xlsx pptx odt ods odp jar apk epub"
_OLD_OFFICE = "doc xls ppt msi msg ole"
_UNKNOWN_TEXT = "text/plain application/octet-stream"
TYPES = (
    _type(
        "image/jpeg", "image", "jpg jpeg", also="image/jpg image/pjpeg", found_as="jpe jfif", reader="JPEG"
    ),
    _type("image/png", "image", "png", also="image/apng image/x-png", found_as="apng", reader="PNG"),
    _type("image/gif", "image", "gif", reader="GIF"),
    _type("image/webp", "image", "webp", reader="WEBP"),
    _type("image/avif", "image", "avif", found_as="heic heif", reader="AVIF"),
    _type("audio/mpeg", "audio", "mp3", also="audio/mp3", found_as="mp2 mpga", reader="mp3"),
    _type(
        "audio/mp4",
        "audio",
        "m4a",
        also="audio/x-m4a audio/m4a audio/aac video/mp4",
        found_as="mp4 m4v m4b f4v mov",
        reader="mov",
    ),
    _type(
        "audio/ogg",
        "audio",
        "ogg oga opus",
        also="audio/opus application/ogg video/ogg",
        found_as="ogv ogx spx",
        reader="ogg",
    ),
    _type("audio/wav", "audio", "wav", also="audio/x-wav audio/wave audio/vnd.wave", reader="wav"),
    _type("audio/flac", "audio", "flac", also="audio/x-flac", reader="flac"),
    _type("audio/webm", "audio", "weba", found_as="webm mkv", reader="matroska"),
    _type("video/webm", "video", "webm", also="audio/webm", found_as="mkv weba", reader="matroska"),
    _type(
        "video/mp4",
        "video",
        "mp4 m4v",
        also="video/x-m4v audio/mp4 audio/x-m4a",
        found_as="m4a m4b f4v mov",
        reader="mov",
    ),
    _type("video/quicktime", "video", "mov", found_as="mp4 m4v qt", reader="mov"),
    _type("application/pdf", "file", "pdf", also="application/x-pdf", found_as="ai", reader="head:%PDF-"),
    _type("application/rtf", "file", "rtf", also="text/rtf application/msword", reader="head:{\\rtf"),
    _type("text/plain", "file", "txt log", also="application/octet-stream", reader="text"),
    _type("text/markdown", "file", "md", also=f"text/x-markdown {_UNKNOWN_TEXT}", reader="text"),
    _type(
        "text/csv",
        "file",
        "csv",
        also=f"application/vnd.ms-excel application/csv {_UNKNOWN_TEXT}",
        reader="text",
    ),
    _type("application/json", "file", "json", also=_UNKNOWN_TEXT, reader="text"),
    _type("text/calendar", "file", "ics", also=_UNKNOWN_TEXT, reader="text"),
    _type("text/vcard", "file", "vcf", also=f"text/x-vcard text/directory {_UNKNOWN_TEXT}", reader="text"),
    _type(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "file",
        "docx",
        found_as=_ZIPPED,
        reader="zip:word/",
    ),
    _type(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "file",
        "xlsx",
        found_as=_ZIPPED,
        reader="zip:xl/",
    ),
    _type(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "file",
        "pptx",
        found_as=_ZIPPED,
        reader="zip:ppt/",
    ),
    _type("application/vnd.oasis.opendocument.text", "file", "odt", found_as=_ZIPPED, reader="zip:mimetype"),
    _type(
        "application/vnd.oasis.opendocument.spreadsheet",
        "file",
        "ods",
        found_as=_ZIPPED,
        reader="zip:mimetype",
    ),
    _type(
        "application/vnd.oasis.opendocument.presentation",
        "file",
        "odp",
        found_as=_ZIPPED,
        reader="zip:mimetype",
    ),
    _type("application/msword", "file", "doc", found_as=_OLD_OFFICE, reader="head:\xd0\xcf\x11\xe0"),
    _type("application/vnd.ms-excel", "file", "xls", found_as=_OLD_OFFICE, reader="head:\xd0\xcf\x11\xe0"),
    _type(
        "application/vnd.ms-powerpoint", "file", "ppt", found_as=_OLD_OFFICE, reader="head:\xd0\xcf\x11\xe0"
    ),
    _type(
        "application/zip",
        "file",
        "zip",
        also="application/x-zip-compressed application/x-zip",
        found_as=_ZIPPED,
        reader="zip:",
    ),
    _type("application/x-7z-compressed", "file", "7z", reader="head:7z\xbc\xaf"),
    _type(
        "application/gzip",
        "file",
        "gz tgz",
        also="application/x-gzip application/x-compressed-tar application/x-tgz",
        found_as="tar.gz svgz adz",
        reader="head:\x1f\x8b",
    ),
    _type("application/x-tar", "file", "tar", reader="tar"),
)
BY_ENDING = {ending: one for one in TYPES for ending in one.endings}
BY_MIME = {one.mime: one for one in TYPES}
# What the browser's dialog for files offers.
ACCEPTED = ",".join(f".{ending}" for ending in sorted(BY_ENDING))


def of_name(name: str) -> Type | None:
    """The type that a file's name promises, if it is one that is taken."""
    return BY_ENDING.get(name.rpartition(".")[2].lower()) if "." in name else None
