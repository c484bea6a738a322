"""The Socket.IO manager of the eventlet server: an event is encoded once and written straight to every idle websocket.

The library's own way, a queue and a writer greenlet per socket, costs more than twice the CPU per delivery. It is
still taken wherever a socket is busy, so that nothing overtakes what waits there.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import eventlet
import socketio
from engineio import packet as engine_packets
from engineio.async_drivers.eventlet import WebSocketWSGI
from socketio import packet as packets

TEXT_FRAME = 0x81


class Manager(socketio.Manager):
    """Emits to many sockets at the price of little more than one `send` each."""

    def set_server(self, server: Any) -> None:
        super().set_server(server)
        server.eio._async = {**server.eio._async, "websocket": _WebSocket}

    def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: Any = None,
        callback: Callable[..., Any] | None = None,
        to: Any = None,
        **kwargs: Any,
    ) -> None:
        """Send one event to a room, or several; see the library's manager for the arguments."""
        encoded = None if callback else self._encoded(event, data, namespace)
        if not isinstance(encoded, str):
            super().emit(event, data, namespace, room, skip_sid, callback, to, **kwargs)
            return
        skipped = skip_sid if isinstance(skip_sid, list) else [skip_sid]
        message, sockets = _Message(encoded), self.server.eio.sockets
        for sid, eio_sid in self.get_participants(namespace, to or room):
            if sid not in skipped and not message.write_to(sockets.get(eio_sid)):
                self.server._send_eio_packet(eio_sid, message.packet)

    def _encoded(self, event: str, data: Any, namespace: str) -> str | list[Any]:
        arguments = list(data) if isinstance(data, tuple) else [] if data is None else [data]
        packet = self.server.packet_class(packets.EVENT, namespace=namespace, data=[event, *arguments])
        encoded: str | list[Any] = packet.encode()
        return encoded


class _Message:
    """One encoded event: a packet for the library's queue, and the bytes of a websocket frame."""

    def __init__(self, encoded: str) -> None:
        self.packet = engine_packets.Packet(engine_packets.MESSAGE, encoded)
        payload = self.packet.encode().encode()
        self.frame = _header(len(payload)) + payload

    def write_to(self, socket: Any) -> bool:
        """Write the frame where nothing waits before it; False where it must queue."""
        websocket = getattr(socket, "websocket", None)
        if websocket is None or not socket.upgraded or socket.closed or socket.closing:
            return False
        lock = websocket._sendlock
        # A writer that waits for the lock holds an earlier packet; taking the lock would overtake it.
        if not socket.queue.empty() or lock._waiters or not lock.acquire(blocking=False):
            return False
        written = 0
        try:
            written = websocket.socket.fd.send(self.frame)
        except BlockingIOError:
            pass
        except OSError:
            # It is gone; its reader finds that out and closes it.
            written = len(self.frame)
        if 0 < written < len(self.frame):
            # The lock is kept until the rest is out, so that what comes later queues behind it.
            eventlet.spawn(_finish, websocket, self.frame[written:])
            return True
        lock.release()
        return written > 0


def _finish(websocket: Any, rest: bytes) -> None:
    try:
        websocket.socket.sendall(rest)
    except OSError:
        pass
    finally:
        websocket._sendlock.release()


def _header(length: int) -> bytes:
    if length < 126:
        return struct.pack("!BB", TEXT_FRAME, length)
    if length < 65536:
        return struct.pack("!BBH", TEXT_FRAME, 126, length)
    return struct.pack("!BBQ", TEXT_FRAME, 127, length)


class _WebSocket(WebSocketWSGI):
    """Leaves a handle to the open websocket at the Engine.IO socket that it serves."""

    def __init__(self, handler: Any, server: Any) -> None:
        def serve(websocket: Any) -> Any:
            owner = handler.__self__
            owner.websocket = websocket
            try:
                return handler(websocket)
            finally:
                owner.websocket = None

        super().__init__(serve, server)
