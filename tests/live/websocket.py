"""As much of RFC 6455 as a test needs: one that leaves nothing out and holds nothing back."""

from __future__ import annotations

import os
import socket
import struct
import threading
from contextlib import suppress

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


class WebSocket:
    """A client's connection; receive() is None at its end, send() then raises OSError."""

    def __init__(self, port: int, path: str, receive_buffer: int | None = None) -> None:
        self._socket = socket.socket()
        if receive_buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.settimeout(15)
        self._socket.connect(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = self._socket.makefile("rb")
        self._sending = threading.Lock()
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n".encode()
        )
        status = self._reader.readline()
        assert b" 101 " in status, status
        while self._reader.readline() != b"\r\n":
            pass
        self._socket.settimeout(None)

    def send(self, text: str) -> None:
        self._send(TEXT, text.encode())

    def receive(self) -> str | None:
        """The next text."""
        while True:
            try:
                kind, payload = self._frame()
            except (OSError, struct.error, ValueError):
                return None
            if kind == TEXT:
                return payload.decode()
            if kind == CLOSE:
                return None
            if kind == PING:
                self._send(PONG, payload)

    def end(self) -> bytes:
        """What is said as it is closed."""
        while (frame := self._frame())[0] != CLOSE:
            pass
        return frame[1]

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _frame(self) -> tuple[int, bytes]:
        first, length = struct.unpack("!BB", self._reader.read(2))
        if length >= 126:
            form, size = ("!H", 2) if length == 126 else ("!Q", 8)
            (length,) = struct.unpack(form, self._reader.read(size))
        return first & 15, self._reader.read(length)

    def _send(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            head = struct.pack("!BB", 128 | kind, 128 | size)
        elif size < 65536:
            head = struct.pack("!BBH", 128 | kind, 128 | 126, size)
        else:
            head = struct.pack("!BBQ", 128 | kind, 128 | 127, size)
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
        with self._sending:
            self._socket.sendall(head + mask + masked)
