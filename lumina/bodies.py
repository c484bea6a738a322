"""What a request may send: a query of any bytes, and a body up to a size, whose files wait on disk while it is read."""

from __future__ import annotations

from collections.abc import Callable
from string import punctuation
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import quote

import flask
from flask import current_app
from flask_login import current_user

from lumina.config import Config
from lumina.errors import Unauthorized
from lumina.media import TooLarge

# For the fields and the headers of the parts.
BESIDE_FILES = 1024 * 1024
_TAKES = "takes_files"


def takes(view: Callable[..., Any], most: int) -> None:
    """Let a view take up to `most` files by multipart."""
    setattr(view, _TAKES, most)


class Request(flask.Request):
    """A request whose files go to unnamed files on disk as they come, none beyond its size."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.query_string.isascii():
            # What a client has not escaped we do; bytes that are no text would stop whoever asks for the query.
            self.query_string = quote(self.query_string, safe=punctuation).encode()

    @property
    def max_content_length(self) -> int | None:
        """As for all requests, but where files are taken. Raises Unauthorized where a page takes them, from nobody."""
        if self.mimetype == "multipart/form-data" and (most := self._takes()):
            return most * self._largest() + BESIDE_FILES
        return super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        raise AttributeError("the settings say it")

    def _takes(self) -> int:
        view = current_app.view_functions.get(self.endpoint or "")
        most: int = getattr(view, _TAKES, 0)
        # The API asks for the token before it reads; a page's form is read before anything is asked.
        if most and self.blueprint != "api" and not current_user.is_authenticated:
            raise Unauthorized
        return most

    def _largest(self) -> int:
        config: Config = current_app.config["LUMINA"]
        return config.max_file_size

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return Bounded(TemporaryFile(), self._largest())  # type: ignore[return-value]


class Bounded:
    """A file that takes no more than it may, and refuses the whole request with the first byte beyond."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file, self._most, self._written = file, most, 0

    def write(self, data: bytes) -> int:
        """Append. Raises TooLarge."""
        self._written += len(data)
        if self._written > self._most:
            self._file.close()
            raise TooLarge.than(self._most)
        return self._file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
