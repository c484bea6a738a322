"""What comes by a socket before it is known to be an event. Noise is passed over: it is nobody's fault but its sender's,
so it ends no connection and leaves no trace in the log.

No event of ours has bytes. One that announces some is taken at once, with none in their places, which its schema refuses;
they are let go as they come. To wait for them would keep whatever else the socket says, and as much memory as somebody
cares to announce.
"""

from __future__ import annotations

from typing import Any

from socketio.packet import BINARY_EVENT, CONNECT, DISCONNECT, EVENT


def hear(server: Any) -> None:
    """Have this Socket.IO server listen like that."""

    def heard(eio_sid: str, data: object) -> None:
        packet = _read(server, data)
        if packet is None:
            return
        if packet.packet_type == CONNECT:
            server._handle_connect(eio_sid, packet.namespace, packet.data)
        elif packet.packet_type == DISCONNECT:
            server._handle_disconnect(eio_sid, packet.namespace, server.reason.CLIENT_DISCONNECT)
        elif packet.packet_type in (EVENT, BINARY_EVENT) and _is_event(server, packet.data):
            server._handle_event(eio_sid, packet.namespace, packet.id, packet.data)

    server._handle_eio_message = heard
    server.eio.on("message", heard)


def _read(server: Any, data: object) -> Any:
    """The packet that a text is, if it is one."""
    if not isinstance(data, str):
        return None
    try:
        packet = server.packet_class(encoded_packet=data)
        if packet.packet_type == BINARY_EVENT:
            packet.data = packet.reconstruct_binary(packet.data, _Empty())
    except (ValueError, RecursionError):
        return None
    return packet


class _Empty:
    """The attachments of a packet, as many as it names, without a byte."""

    def __getitem__(self, _: object) -> bytes:
        return b""


def _is_event(server: Any, data: object) -> bool:
    """Whether it has a name, which is none of the connection's own: one that says "disconnect" would stay, unknown to us."""
    if not isinstance(data, list) or not data or not isinstance(data[0], str):
        return False
    return data[0] not in server.reserved_events
