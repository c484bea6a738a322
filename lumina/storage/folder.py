"""Files in a folder of this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from lumina import blocking
from lumina.storage.base import Missing, Served, Unreachable

BLOCK = 64 * 1024
UNFINISHED = ".part"


class Folder:
    """Each file under its key, in one of 256 folders; written beside its place and moved there when it is whole."""

    origin = None

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def of_url(cls, url: str) -> Folder:
        path = unquote(urlsplit(url).path)
        if not path:
            raise ValueError("file: needs a folder")
        return cls(Path(path).resolve())

    def put(self, key: str, file: IO[bytes]) -> None:
        try:
            blocking.run(self._put, key, file)
        except OSError as error:
            raise Unreachable(str(error)) from error

    def _put(self, key: str, file: IO[bytes]) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        file.seek(0)
        part = path.with_name(path.name + UNFINISHED)
        try:
            with part.open("wb") as into:
                while block := file.read(BLOCK):
                    into.write(block)
                into.flush()
                os.fsync(into.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def size(self, key: str) -> int:
        try:
            return self._path(key).stat().st_size
        except FileNotFoundError:
            raise Missing(key) from None

    def read(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        try:
            file = self._path(key).open("rb")
        except FileNotFoundError:
            raise Missing(key) from None
        except OSError as error:
            raise Unreachable(str(error)) from error
        return _blocks(file, start, stop)

    def remove(self, key: str) -> None:
        path = self._path(key)
        try:
            path.unlink(missing_ok=True)
            path.with_name(path.name + UNFINISHED).unlink(missing_ok=True)
        except OSError as error:
            raise Unreachable(str(error)) from error

    def link(self, key: str, served: Served) -> str | None:
        return None

    def _path(self, key: str) -> Path:
        return self.root / key[:2] / key


def _blocks(file: IO[bytes], start: int, stop: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while start < stop and (block := file.read(min(BLOCK, stop - start))):
            start += len(block)
            yield block
