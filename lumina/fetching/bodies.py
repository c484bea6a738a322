"""The body of an answer: as much as is needed of it, decompressed and decoded within bounds."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Callable

from urllib3 import BaseHTTPResponse

from lumina.fetching.errors import Unsuitable

MOST_BYTES, CHUNK = 512 * 1024, 16 * 1024
TYPES = {"text/html", "application/xhtml+xml"}
HEAD_ENDS = re.compile(rb"</head\b|<body\b", re.IGNORECASE)
LONGEST_END = 8

DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:-]{1,40})", re.IGNORECASE)
DECLARED_WITHIN = 4096
CHARSETS = re.compile(
    r"utf-?8|utf-16(?:le|be)?|(?:windows-|cp)\d{3,4}|iso-?8859-?\d\d?|koi8-[ru]|gb(?:2312|k|18030)|big5(?:-hkscs)?"
    r"|euc-(?:jp|kr)|shift[_-]jis|iso-2022-jp|macintosh",
    re.IGNORECASE,
)
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def head_of(response: BaseHTTPResponse) -> str:
    """The beginning of a page, its head included. Raises Unsuitable for what is no page."""
    kind, _, parameters = response.headers.get("Content-Type", "").partition(";")
    if kind.strip().lower() not in TYPES:
        raise Unsuitable(f"of type {kind[:100]!r}")
    return decoded(_read(response), _parameter(parameters))


def _read(response: BaseHTTPResponse) -> bytes:
    decompress = _decompressor(response.headers.get("Content-Encoding", "identity").strip().lower())
    page, received = bytearray(), 0
    try:
        for chunk in response.stream(CHUNK, decode_content=False):
            begin = max(0, len(page) - LONGEST_END)
            page += decompress(chunk, MOST_BYTES - len(page))
            received += len(chunk)
            if max(received, len(page)) >= MOST_BYTES or HEAD_ENDS.search(page, begin):
                break
    except zlib.error:
        raise Unsuitable("badly compressed") from None
    return bytes(page)


def _decompressor(encoding: str) -> Callable[[bytes, int], bytes]:
    """What makes at most so many bytes of a chunk."""
    if encoding == "identity":
        return lambda chunk, most: chunk[:most]
    if encoding in ("gzip", "x-gzip"):
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress
    raise Unsuitable(f"compressed as {encoding[:100]!r}")


def _parameter(parameters: str) -> str | None:
    found = re.search(r"charset\s*=\s*[\"']?([\w:-]+)", parameters, re.IGNORECASE)
    return found[1] if found else None


def decoded(page: bytes, charset: str | None) -> str:
    """As text, whatever bytes these are: by its mark, what the header said, what the page says, or UTF-8."""
    marked = next((name for mark, name in MARKS.items() if page.startswith(mark)), None)
    declared = DECLARED.search(page, 0, DECLARED_WITHIN)
    names = (marked, charset, declared[1].decode("ascii", "replace") if declared else None)
    known = (codec for name in names if name and (codec := _codec(name.lower())))
    return page.decode(next(known, "utf-8"), "replace")


def _codec(lowered: str) -> str | None:
    """Browsers read Latin-1 and ASCII as Windows-1252."""
    if lowered in ("iso-8859-1", "iso8859-1", "latin1", "us-ascii", "ascii"):
        return "cp1252"
    if not (lowered == "utf-8-sig" or CHARSETS.fullmatch(lowered)):
        return None
    try:
        return codecs.lookup(lowered).name
    except LookupError:
        return None
