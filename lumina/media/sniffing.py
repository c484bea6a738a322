"""Whether a file is what its name and its sender say: both must agree with its content."""

from __future__ import annotations

import re
import tarfile
import zipfile
from collections.abc import Callable
from typing import IO

import puremagic

from lumina.media import types
from lumina.media.refusing import Damaged, NotTaken, TooLarge
from lumina.media.types import Type

HEAD = 64 * 1024
BLOCK = 256 * 1024
# What says nothing: a program that does not know, or a browser that has never seen the type.
UNTOLD = {"", "application/octet-stream", "binary/octet-stream"}
# What an archive may grow to when it is unpacked: this much, or as many times its size.
UNPACKED, RATIO = 1024**3, 200
# Text that a browser or a shell would run, whatever its name says.
ACTIVE = (
    b"<!doctype",
    b"<html",
    b"<svg",
    b"<script",
    b"<?xml",
    b"<?php",
    b"#!",
    b"<head",
    b"<body",
    b"<iframe",
)
ZIP_HEAD, ZIP_END, ZIP64 = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x07"
LONGEST_END, LONGEST_DIRECTORY = 22 + 0xFFFF, 2 * 1024 * 1024


def recognise(name: str, declared: str | None, file: IO[bytes]) -> Type:
    """The type of a file whose name, declared type and content agree. Raises NotTaken, Damaged, TooLarge."""
    promised = types.of_name(name)
    if promised is None:
        raise NotTaken("Files of this type cannot be sent.")
    _require_declared(promised, declared)
    file.seek(0)
    head = file.read(HEAD)
    _require_found(promised, head)
    look, _, wanted = (promised.reader or "").partition(":")
    if look in LOOKS:
        LOOKS[look](file, head, wanted)
    return promised


def _require_declared(promised: Type, declared: str | None) -> None:
    mime = (declared or "").partition(";")[0].strip().lower()
    if mime not in UNTOLD | {promised.mime} | promised.also:
        raise NotTaken(f"This file's name and its declared type ({mime[:80]}) do not agree.")


def _require_found(promised: Type, head: bytes) -> None:
    """Where the sniffer knows the content, it is what the name promises."""
    try:
        found = puremagic.magic_string(head)
    except puremagic.PureError:
        found = []
    surest = max((match.confidence for match in found), default=0)
    endings = {match.extension.lstrip(".") for match in found if match.confidence == surest}
    if promised.reader == "text":
        if surest >= SURE_ENOUGH and not endings & TEXTS:
            raise NotTaken("This file is not the text that its name says.")
    elif not {match.extension.lstrip(".") for match in found} & promised.found_as:
        raise NotTaken("This file's content is not what its name says.")


SURE_ENOUGH = 0.8
TEXTS = {"", "txt", "csv", "json", "md", "ics", "vcf", "vcs", "log", "tsv", "ini", "yaml"}


def _text(file: IO[bytes], head: bytes, _: str) -> None:
    """UTF-8 without control characters, which no browser or shell would run."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    if start.startswith(ACTIVE):
        raise NotTaken("This file's content is not what its name says.")
    file.seek(0)
    rest = b""
    while block := file.read(BLOCK):
        if b"\x00" in block:
            raise NotTaken("This file is not the text that its name says.")
        rest = _undecoded(rest + block)
    if rest:
        raise Damaged("This text is not in UTF-8.")


def _undecoded(data: bytes) -> bytes:
    """What is left over at the end of UTF-8 that is cut anywhere. Raises Damaged."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            raise Damaged("This text is not in UTF-8.") from None
        return data[error.start :]
    return b""


def _head(file: IO[bytes], head: bytes, wanted: str) -> None:
    if not head.startswith(wanted.encode("latin-1")):
        raise NotTaken("This file's content is not what its name says.")


def _zip(file: IO[bytes], head: bytes, wanted: str) -> None:
    """An archive that begins as one, holds what is promised, and unpacks to something bearable."""
    if not head.startswith(ZIP_HEAD):
        raise NotTaken("This file's content is not what its name says.")
    _require_short_directory(file)
    try:
        entries = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        raise Damaged from None
    packed, unpacked = sum(one.compress_size for one in entries), sum(one.file_size for one in entries)
    if unpacked > UNPACKED or unpacked > RATIO * max(packed, 1024 * 1024):
        raise TooLarge("This archive unpacks to more than can be taken.")
    names = [one.filename for one in entries]
    if wanted and not any(name.startswith(wanted) for name in names):
        raise NotTaken("This file's content is not what its name says.")
    if wanted and any(name.endswith("vbaProject.bin") for name in names):
        raise NotTaken("Documents with macros cannot be sent.")


def _require_short_directory(file: IO[bytes]) -> None:
    """Before an archive's directory is read whole: it is of a length to be read. Raises TooLarge, Damaged."""
    size = file.seek(0, 2)
    file.seek(max(size - LONGEST_END, 0))
    end = file.read()
    if ZIP64 in end:
        # Of archives beyond 4 GiB, where lengths stand elsewhere.
        raise Damaged
    for found in re.finditer(re.escape(ZIP_END), end):
        length = end[found.start() + 12 : found.start() + 16]
        if int.from_bytes(length, "little") > LONGEST_DIRECTORY:
            raise TooLarge("This archive has more entries than can be taken.")


def _tar(file: IO[bytes], head: bytes, _: str) -> None:
    file.seek(0)
    try:
        with tarfile.open(fileobj=file, mode="r:") as archive:
            archive.next()
    except (tarfile.TarError, OSError, ValueError):
        raise Damaged from None


LOOKS: dict[str, Callable[[IO[bytes], bytes, str], None]] = {
    "text": _text,
    "head": _head,
    "zip": _zip,
    "tar": _tar,
}
