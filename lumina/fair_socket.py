"""A socket takes no more than its share, of time and of memory.

After each event that a client has sent others have their turn, however many more it has sent already.

And who does not read is let go: what waits for one socket takes so much memory and no more. The library drops a client that
answers no ping, half a minute later; until then, and for good where somebody answers pings that they never read, its queue
would grow with everything that is said. A client that is let go comes back when it can, and asks for what it has missed.
"""

from __future__ import annotations

import logging
import socket
import time
from collections import deque
from contextlib import suppress
from sys import getsizeof
from typing import Any

from engineio import exceptions, packet
from engineio import socket as transport

log = logging.getLogger(__name__)
# Some hundred of the longest messages.
MOST_WAITING = 16 * 1024 * 1024


class Heartbeats:
    """When each socket is asked whether it is still there: by one who goes round, for which the library keeps a greenlet
    with each. The pause is the same for all, so whoever came first is due first."""

    def __init__(self) -> None:
        self._due: deque[tuple[float, FairSocket]] = deque()
        self._goes_round = False

    def expect(self, socket: FairSocket) -> None:
        """Put it at the end of the round."""
        self._due.append((time.monotonic() + socket.server.ping_interval, socket))
        if not self._goes_round:
            self._goes_round = True
            socket.server.start_background_task(self._go_round)

    def _go_round(self) -> None:
        while self._due:
            at, socket = self._due.popleft()
            # All who are due are asked in one go: with a pause after each, a busy server would fall behind, and lose them.
            if (pause := at - time.monotonic()) > 0:
                socket.server.sleep(pause)
            try:
                socket.ping()
            except Exception:
                log.exception("a socket could not be asked")
        self._goes_round = False


_heartbeats = Heartbeats()


class FairSocket(transport.Socket):
    """An Engine.IO socket, by websocket or by polling. `line` is the connection of its websocket, `waiting` the bytes in its
    queue: whoever takes from that takes all."""

    last_ping: float | None
    line: Any = None
    waiting = 0
    is_let_go = False

    def schedule_ping(self) -> None:
        """Have it asked after a while whether it is still there, unless that stands out already."""
        if self.last_ping:
            self.last_ping = None
            _heartbeats.expect(self)

    def ping(self) -> None:
        """Ask whether it is still there."""
        if not self.closing and not self.closed:
            self.last_ping = time.time()
            self.send(packet.Packet(packet.PING))

    def handle_post_request(self, environ: dict[str, Any]) -> None:
        """See to what was posted. Raises EngineIOError for what is no packets, which ends the connection."""
        try:
            super().handle_post_request(environ)
        except (ValueError, exceptions.EngineIOError):
            # The library would wait until what is queued has been fetched.
            self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_ERROR)
            raise exceptions.EngineIOError("no packets") from None

    def receive(self, pkt: Any) -> None:
        """See to a packet of the client's, then to others."""
        super().receive(pkt)
        self.server.sleep(0)

    def send(self, pkt: Any) -> None:
        """Let a packet wait for its turn; once too much does, let the client go."""
        if self.is_let_go:
            return
        if self.queue.empty():
            self.waiting = 0
        self.waiting += getsizeof(pkt.data)
        super().send(pkt)
        if self.waiting > MOST_WAITING and not self.closed:
            self.is_let_go = True
            log.info("a client that does not read is let go")
            # Not here, where something is being told to others too.
            self.server.start_background_task(self._let_go)

    def _let_go(self) -> None:
        self.queue.queue.clear()
        if self.line is None:
            self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_ERROR)
        else:
            # Its reader finds the end and closes it; a writer that is stuck in the middle of a packet fails.
            with suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)
