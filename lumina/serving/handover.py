"""Polling sessions of Socket.IO live in one worker, but their requests come to any: a session's id names its worker, and a
connection whose next request bears another worker's id is handed to that one, with whatever has been read of it.
"""

from __future__ import annotations

import io
import re
import socket
from array import array
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex
from typing import Any

import eventlet
from eventlet.greenio import GreenSocket
from eventlet.hubs import trampoline

from lumina.serving.protocol import FairProtocol

# What one message can carry: a full buffer of the reader, and the descriptor beside it.
LARGEST = 16 * 1024
NAMED = re.compile(rb"\S+ \S*[?&]sid=([0-9a-f]{8})\.")
# How long a worker whose inbox is full is waited for, in steps of so many seconds.
PATIENCE, STEP = 2.0, 0.01


class Handover:
    """One worker's share: its name, and the inbox where others leave connections that are its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.name = folder, token_hex(4)
        self._inbox = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._inbox.bind(str(folder / self.name))
        self._inbox.setblocking(False)
        self._outbox = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._outbox.setblocking(False)

    def name_sessions(self, transport: Any) -> None:
        """Let the ids that this Engine.IO server gives begin with the worker's name."""
        generate = transport.generate_id
        transport.generate_id = lambda: f"{self.name}.{generate()}"

    def receive(self) -> tuple[GreenSocket, Any]:
        """The next connection from another worker, and its address; waits for one."""
        while True:
            try:
                unread, descriptors, _, _ = socket.recv_fds(self._inbox, LARGEST, 1)
            except BlockingIOError:
                trampoline(self._inbox, read=True)
                continue
            connection = Received(socket.socket(fileno=descriptors[0]))
            connection.unread = unread
            try:
                return connection, connection.getpeername()
            except OSError:
                connection.close()

    def passes(self, connection: Any, unread: bytes) -> bool:
        """Hand a connection to the worker whose session its request names; False where that is this one, or nobody."""
        named = NAMED.match(unread)
        if named is None or named[1].decode() == self.name:
            return False
        descriptor = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [connection.fileno()]))]
        for _ in range(round(PATIENCE / STEP)):
            try:
                self._outbox.sendmsg([unread], descriptor, 0, str(self.folder / named[1].decode()))
                return True
            except BlockingIOError:
                eventlet.sleep(STEP)
            except OSError:
                return False
        return False

    def close(self) -> None:
        """Let nobody hand over anything more."""
        (self.folder / self.name).unlink(missing_ok=True)


class Received(GreenSocket):
    """A connection of which another worker has read the beginning."""

    unread = b""


class Rest(io.RawIOBase):
    """What has been read of a connection already, and then what still comes."""

    def __init__(self, unread: bytes, stream: Any) -> None:
        self._unread, self._stream = unread, stream

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        """Close what it reads from, too."""
        super().close()
        self._stream.close()

    def readinto(self, buffer: Any) -> int:
        """As io.RawIOBase says."""
        if not self._unread:
            return self._stream.readinto(buffer)  # type: ignore[no-any-return]
        some, self._unread = self._unread[: len(buffer)], self._unread[len(buffer) :]
        buffer[: len(some)] = some
        return len(some)


class Gone:
    """Stands for a connection that is another worker's now: the server shuts down and closes whatever it has served."""

    def shutdown(self, how: int) -> None:
        """Leave it to its new owner."""

    def close(self) -> None:
        """It is closed here already."""


class Door:
    """What a worker's server accepts from: the port, and the other workers."""

    def __init__(self, listener: Any, handover: Handover) -> None:
        self.family, self.getsockname, self.close = listener.family, listener.getsockname, listener.close
        # Without an end, so that whoever has come in is never in the hand of a taker that is stopped.
        self._waiting = eventlet.Queue()
        self._takers = [eventlet.spawn(self._take, take) for take in (listener.accept, handover.receive)]

    def _take(self, take: Callable[[], tuple[Any, Any]]) -> None:
        while True:
            self._waiting.put(take())

    def shut(self) -> None:
        """Leave to others whoever has not come in yet, and let in who has."""
        for taker in self._takers:
            taker.kill()
        while not self._waiting.empty():
            eventlet.sleep(0)

    def accept(self) -> tuple[Any, Any]:
        """The next connection and its address."""
        accepted: tuple[Any, Any] = self._waiting.get()
        return accepted


def protocol(handover: Handover) -> type[FairProtocol]:
    """How the server reads requests: those of another worker's sessions it hands over before it has taken anything."""

    class Protocol(FairProtocol):
        def setup(self) -> None:
            super().setup()
            if unread := getattr(self.request, "unread", b""):
                self.rfile = io.BufferedReader(Rest(unread, self.rfile.detach()))

        def _read_request_line(self) -> bytes:
            if self.rfile.closed:
                return b""
            self.connection.settimeout(self.server.keepalive)
            try:
                unread = self.rfile.peek(1)
            except ConnectionError:
                return b""
            if not handover.passes(self.connection, unread):
                return super()._read_request_line()
            self.connection.close()
            self.connection = self.conn_state[1] = Gone()
            return b""

    return Protocol
