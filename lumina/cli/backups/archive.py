"""The archive: a tar of the database's dump, the files under their keys, their checksums as `sha256sum -c` reads them, and
last a manifest, so that an archive which breaks off has none."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from click import ClickException

MANIFEST, CHECKSUMS, DATABASE, FILES = "manifest.json", "checksums.txt", "database", "files/"
FORMAT = 1
BLOCK = 1024 * 1024
_MEMBER = re.compile(rf"{DATABASE}|{CHECKSUMS}|{MANIFEST}|{FILES}[0-9a-f]{{32}}(-thumb)?")


class Damaged(ClickException):
    """The archive is not what was written."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The archive is damaged: {what}.")


@dataclass(frozen=True)
class Manifest:
    """What is in an archive: `database` is sqlite or postgresql, `schema` its revision, `rows` those of each table,
    `absent` the keys of which there were no bytes."""

    made_at: str
    database: str
    schema: str
    rows: dict[str, int]
    files: int
    absent: list[str]


class Writer:
    """An archive as it is being made."""

    def __init__(self, tar: tarfile.TarFile, made_at: float) -> None:
        self._tar, self._made_at = tar, made_at
        self._checksums: list[str] = []

    def add(self, name: str, size: int, blocks: Iterable[bytes]) -> str:
        """Write a member out of its bytes; their SHA-256. Raises ClickException where they are not as many as said."""
        source = _Source(blocks)
        try:
            self._tar.addfile(self._member(name, size), source)  # type: ignore[arg-type]
        except OSError as error:
            raise ClickException(f"{name} could not be written: {error}") from None
        digest = source.digest.hexdigest()
        self._checksums.append(f"{digest}  {name}\n")
        return digest

    def close(self, manifest: Manifest) -> None:
        """Write the checksums and the manifest."""
        checksums = "".join(self._checksums).encode()
        self._tar.addfile(self._member(CHECKSUMS, len(checksums)), io.BytesIO(checksums))
        told = {"format": FORMAT, **asdict(manifest), "checksums": hashlib.sha256(checksums).hexdigest()}
        text = json.dumps(told, indent=2).encode() + b"\n"
        self._tar.addfile(self._member(MANIFEST, len(text)), io.BytesIO(text))

    def _member(self, name: str, size: int) -> tarfile.TarInfo:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, self._made_at
        return member


class _Source:
    """Blocks of bytes, to be read as a file is; keeps their digest."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks, self._rest = iter(blocks), b""
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        while len(self._rest) < size and (block := next(self._blocks, b"")):
            self.digest.update(block)
            self._rest += block
        found, self._rest = self._rest[:size], self._rest[size:]
        return found


class Reader:
    """An archive whose every byte has been held against its checksum."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar, self.manifest = tar, manifest

    def open(self, name: str) -> IO[bytes]:
        file = self._tar.extractfile(name)
        assert file
        return file

    def files(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Each file's key and its bytes."""
        for member in self._tar.getmembers():
            if member.name.startswith(FILES):
                yield member.name.removeprefix(FILES), self.open(member.name)


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """The archive in a file. Raises Damaged."""
    try:
        with tarfile.open(path, "r:") as tar:
            yield Reader(tar, _verified(tar))
    except (tarfile.TarError, EOFError) as error:
        raise Damaged(str(error)) from None


def _verified(tar: tarfile.TarFile) -> Manifest:
    members = {member.name: member for member in tar.getmembers()}
    for name, member in members.items():
        if not (_MEMBER.fullmatch(name) and member.isreg()):
            raise Damaged(f"{name} is no part of one")
    if MANIFEST not in members or CHECKSUMS not in members:
        raise Damaged("it breaks off")
    manifest, digest_of_checksums = _manifest(tar)
    checksums = _read(tar, CHECKSUMS)
    if hashlib.sha256(checksums).hexdigest() != digest_of_checksums:
        raise Damaged(f"{CHECKSUMS} is not what was written")
    listed = {
        name: digest for digest, _, name in (line.partition("  ") for line in checksums.decode().splitlines())
    }
    if listed.keys() != members.keys() - {MANIFEST, CHECKSUMS}:
        raise Damaged("it lacks files, or has others")
    for name, digest in listed.items():
        with tar.extractfile(name) as file:  # type: ignore[union-attr]
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:  # type: ignore[arg-type]
                raise Damaged(f"{name} is not what was written")
    return manifest


def _manifest(tar: tarfile.TarFile) -> tuple[Manifest, str]:
    """The manifest, and the digest of the checksums that it names."""
    try:
        told: dict[str, Any] = json.loads(_read(tar, MANIFEST))
        made_with, digest = told.pop("format"), told.pop("checksums")
    except (ValueError, KeyError, AttributeError, TypeError):
        raise Damaged(f"{MANIFEST} cannot be read") from None
    if made_with != FORMAT:
        raise ClickException(
            "The archive was made by another version of Lumina, in a form that this one cannot read."
        )
    try:
        return Manifest(**told), digest
    except TypeError:
        raise Damaged(f"{MANIFEST} cannot be read") from None


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    with tar.extractfile(name) as file:  # type: ignore[union-attr]
        return file.read()
