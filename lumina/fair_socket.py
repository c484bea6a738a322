"""A socket takes no more than its share, of time and of memory.

After each event that a client has sent others have their turn, however many more it has sent already.

And who does not read is let go: what waits for one socket takes so much memory and no more. The library drops a client that
answers no ping, half a minute later; until then, and for good where somebody answers pings that they never read, its queue
would grow with everything that is said. A client that is let go comes back when it can, and asks for what it has missed.
"""

from __future__ import annotations

import logging
import socket
from contextlib import suppress
from sys import getsizeof
from typing import Any

from engineio import socket as transport

log = logging.getLogger(__name__)
# Some hundred of the longest messages.
MOST_WAITING = 16 * 1024 * 1024


class FairSocket(transport.Socket):
    """An Engine.IO socket, by websocket or by polling. `line` is the connection of its websocket, `waiting` the bytes in its
    queue: whoever takes from that takes all."""

    line: Any = None
    waiting = 0
    is_let_go = False

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
