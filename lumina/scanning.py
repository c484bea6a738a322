"""ClamAV's daemon, asked whether a file is infected: the file is streamed to it and nothing is written."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

BLOCK = 64 * 1024
PATIENCE_SECONDS = 30
PORT = 3310
LONGEST_ANSWER = 4096


class Unreachable(Exception):
    """The daemon does not answer, or cannot look at the file."""


@dataclass(frozen=True)
class Scanner:
    """clamd at tcp://host:port or unix:///path."""

    url: str

    def find(self, file: IO[bytes]) -> str | None:
        """The name of what the file is infected with, if it is. Raises Unreachable."""
        try:
            with self._connect() as connection:
                answer = _ask(connection, file)
        except OSError as error:
            raise Unreachable(str(error)) from error
        if answer.endswith(" FOUND"):
            return answer.removeprefix("stream: ").removesuffix(" FOUND")
        if answer != "stream: OK":
            raise Unreachable(answer)
        return None

    def _connect(self) -> socket.socket:
        parts = urlsplit(self.url)
        if parts.scheme == "tcp":
            return socket.create_connection((parts.hostname, parts.port or PORT), PATIENCE_SECONDS)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE_SECONDS)
        connection.connect(parts.path)
        return connection


def _ask(connection: socket.socket, file: IO[bytes]) -> str:
    connection.sendall(b"zINSTREAM\0")
    file.seek(0)
    while block := file.read(BLOCK):
        connection.sendall(struct.pack("!L", len(block)) + block)
    connection.sendall(struct.pack("!L", 0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (part := connection.recv(BLOCK)):
        answer += part
    return answer.rstrip(b"\0").decode(errors="replace").strip()
