"""The names of files: kept to be read, never used as paths."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
FALLBACK = "file"
# Controls, and what turns the direction of reading, so that "exe.txt" can look like "txt.exe"; halves of characters.
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb]"
)
# What one system or another reads as part of a path or a command.
SPECIAL = re.compile(r'[<>:"|?*\\/]')


def clean(name: str | None) -> str:
    """A name that says what it seems to say: one line, no path, at most LONGEST characters with its ending kept."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name or ""))[-1]
    base = SPECIAL.sub("_", UNSEEN.sub("", base)).rstrip(" .")
    stem, dot, ending = base.rpartition(".")
    if not dot:
        return base.strip()[:LONGEST] or FALLBACK
    stem = stem.strip(" .")[: LONGEST - len(ending) - 1].rstrip()
    return f"{stem or FALLBACK}.{ending}"[:LONGEST]
