"""How the eventlet server speaks Socket.IO: what many get is encoded once and written straight to idle websockets.

The library's own way, a queue and a writer greenlet for each socket, costs more than twice the CPU per delivery. It is
still taken wherever a socket is busy, so that nothing overtakes what waits there; what waits is bounded (fair_socket.py).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Any

import eventlet
import socketio
from engineio import packet as transport
from engineio import socket as transport_socket
from engineio.async_drivers.eventlet import WebSocketWSGI
from eventlet.websocket import RFC6455WebSocket
from socketio import packet as packets

from lumina import metrics
from lumina.fair_socket import FairSocket

TEXT_FRAME = 0x81


class Packet(packets.Packet):
    """Our events are JSON throughout, so none is searched for bytes."""

    uses_binary_events = False


class Manager(socketio.Manager):
    """Emits to many sockets at the price of little more than one `send` each, and knows which rooms a socket is in, which
    the library seeks among all of them whenever one goes."""

    def __init__(self) -> None:
        super().__init__()
        self._rooms_of: dict[str, set[str]] = {}

    def basic_enter_room(
        self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None
    ) -> None:
        """As the library's, with rooms as plain dicts; but for that of all, which is asked from both sides."""
        rooms = self.rooms.get(namespace)
        if room is None or rooms is None:
            super().basic_enter_room(sid, namespace, room, eio_sid)
            return
        if sid != room and self.is_sid_room(namespace, room):
            raise ValueError("cannot enter a sid room")
        rooms.setdefault(room, {})[sid] = eio_sid or rooms[None][sid]
        self._rooms_of.setdefault(sid, set()).add(room)

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        """As the library's."""
        super().basic_leave_room(sid, namespace, room)
        if room is not None:
            self._rooms_of.get(sid, set()).discard(room)

    def basic_disconnect(self, sid: str, namespace: str, **_: Any) -> None:
        """As the library's, in the time that the socket's own rooms take."""
        for room in list(self._rooms_of.get(sid, ())):
            self.basic_leave_room(sid, namespace, room)
        self._rooms_of.pop(sid, None)
        self.basic_leave_room(sid, namespace, None)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            if sid in pending.get(namespace, ()):
                pending[namespace].remove(sid)

    def get_rooms(self, sid: str, namespace: str) -> list[str]:
        """As the library's."""
        return list(self._rooms_of.get(sid, ()))

    def get_participants(self, namespace: str, room: Any) -> Iterator[tuple[str, str]]:
        """The sockets in a room, or in any of several, each once, as (its id, its connection's id)."""
        rooms = self.rooms.get(namespace, {})
        some = [room] if room is None or isinstance(room, str) else room
        found: dict[str, str] = {}
        for each in some:
            found.update(rooms.get(each, {}))
        return iter(found.items())

    def set_server(self, server: Any) -> None:
        super().set_server(server)
        server.eio._async = {**server.eio._async, "websocket": _WebSocket}
        transport_socket.Socket = FairSocket
        # The library unmasks byte by byte.
        RFC6455WebSocket._apply_mask = staticmethod(_unmasked)

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
        if callback:
            super().emit(event, data, namespace, room, skip_sid, callback, to, **kwargs)
            return
        there = list(self.get_participants(namespace, to or room))
        if not there:
            return
        arguments = list(data) if isinstance(data, tuple) else [] if data is None else [data]
        encoded = Packet(packets.EVENT, namespace=namespace, data=[event, *arguments]).encode()
        message = transport.Packet(transport.MESSAGE, encoded)
        skipped = set(skip_sid if isinstance(skip_sid, list) else [skip_sid])
        sockets, delivered = self.server.eio.sockets, 0
        for sid, eio_sid in there:
            socket = sockets.get(eio_sid)
            if socket is not None and not socket.closed and sid not in skipped:
                socket.send(message)
                delivered += 1
        metrics.deliveries.inc(delivered)


class _WebSocket(WebSocketWSGI):
    """Lets the Engine.IO socket that it serves write to it directly."""

    def __init__(self, handler: Any, server: Any) -> None:
        def serve(websocket: Any) -> Any:
            owner = handler.__self__
            owner.line = websocket.socket
            owner.send = _Writer(owner, websocket)
            try:
                return handler(websocket)
            except ValueError:
                # No packet at all: what would be told of it in HTTP does not belong into a websocket.
                owner.queue.put(None)
                owner.close(wait=False, abort=True, reason=owner.server.reason.TRANSPORT_ERROR)
                return []
            finally:
                del owner.send

        super().__init__(serve, server)


class _Writer:
    """Takes the place of an Engine.IO socket's `send` while its websocket is open."""

    def __init__(self, socket: Any, websocket: Any) -> None:
        self.socket, self.websocket, self.lock = socket, websocket, websocket._sendlock
        self.queue, self.into_queue = socket.queue, socket.send

    def __call__(self, packet: transport.Packet) -> None:
        """Send a packet: now, or by the queue where something waits or the connection is coming or going."""
        socket, lock = self.socket, self.lock
        # A writer that waits for the lock holds an earlier packet; taking the lock would overtake it.
        if (
            packet.binary
            or socket.last_ping
            or socket.closing
            or not socket.upgraded
            or not self.queue.empty()
            or lock._waiters
            or not lock.acquire(blocking=False)
        ):
            self.into_queue(packet)
            return
        self._write(packet)

    def _write(self, packet: transport.Packet) -> None:
        """With the lock held, write what the connection takes at once."""
        written = 0
        frame = _frame(packet)
        try:
            written = self.websocket.socket.fd.send(frame)
        except BlockingIOError:
            pass
        except OSError:
            # It is gone; its reader finds that out and closes it.
            written = len(frame)
        if written == len(frame):
            self.lock.release()
        else:
            # The lock is kept until the rest is out, so that what comes later queues behind it.
            eventlet.spawn_n(self._finish, frame[written:])

    def _finish(self, rest: bytes) -> None:
        try:
            self.websocket.socket.sendall(rest)
        except OSError:
            pass
        finally:
            self.lock.release()


def _frame(packet: transport.Packet) -> bytes:
    """The packet as a websocket frame, made once for all sockets that it goes to."""
    frame: bytes | None = getattr(packet, "frame", None)
    if frame is None:
        payload = packet.encode().encode()
        frame = packet.frame = _header(len(payload)) + payload
    return frame


def _header(length: int) -> bytes:
    if length < 126:
        return struct.pack("!BB", TEXT_FRAME, length)
    if length < 65536:
        return struct.pack("!BBH", TEXT_FRAME, 126, length)
    return struct.pack("!BBQ", TEXT_FRAME, 127, length)


def _unmasked(data: bytes, mask: Any, length: int | None = None, offset: int = 0) -> bytes:
    """A client's masked bytes in plain, as one exclusive or over all of them."""
    shift = offset % 4
    key = bytes((*mask[shift:], *mask[:shift])) * (len(data) // 4 + 1)
    plain = int.from_bytes(data, "little") ^ int.from_bytes(key[: len(data)], "little")
    return plain.to_bytes(len(data), "little")
