"""Socket.IO by hand over one websocket: many of them in one process, and able to send what no library would."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from itertools import count
from typing import Any

from tests.live.websocket import WebSocket
from tests.support.cast import Person
from tests.support.server import Server

OPEN, PING, PONG = "0", "2", "3"
CONNECT, DISCONNECT, EVENT, ACKNOWLEDGED, REFUSED = "40", "41", "42", "43", "44"


class Gone(Exception):
    """The connection went before the answer came."""


class LiveSocket:
    """Connected as somebody; keeps what arrives, until either side closes."""

    # Whether it answers when the server asks if it is still there.
    answers_pings = True

    def __init__(self, server: Server, person: Person, **auth: Any) -> None:
        self.events: list[tuple[str, Any]] = []
        self.closed = False
        # The name of the process that it is at, where there are several.
        self.worker = ""
        self._numbers = count(1)
        self._answers: dict[int, Any] = {}
        self._news = threading.Condition(threading.RLock())
        self._connected = False
        self._websocket = WebSocket(server.port, "/socket.io/?EIO=4&transport=websocket")
        threading.Thread(target=self._read, daemon=True).start()
        self.send(CONNECT + json.dumps({"token": person.token, **auth}))
        self.wait_until(lambda: self._connected or self.closed)
        if not self._connected:
            raise Gone

    def emit(self, event: str, payload: Any, timeout: float = 15) -> Any:
        """Sends an event and returns its acknowledgement. Raises Gone."""
        number = next(self._numbers)
        self.send(f"{EVENT}{number}{json.dumps([event, payload])}")
        return self.wait_for_answer(number, timeout)

    def send(self, packet: str) -> None:
        """Sends any bytes at all. Raises Gone."""
        try:
            self._websocket.send(packet)
        except OSError:
            raise Gone from None

    def wait_for_answer(self, number: int, timeout: float = 15) -> Any:
        with self._news:
            self._news.wait_for(lambda: number in self._answers or self.closed, timeout)
            if number not in self._answers:
                raise Gone
            return self._answers.pop(number)

    def received(self, name: str) -> list[Any]:
        """The payloads of this event so far, in order."""
        with self._news:
            return [payload for event, payload in self.events if event == name]

    def wait_until(self, condition: Callable[[], object], timeout: float = 15) -> bool:
        """Asks at everything that arrives; whether it came true in time."""
        with self._news:
            return bool(self._news.wait_for(condition, timeout))

    def close(self) -> None:
        self._websocket.close()

    def _read(self) -> None:
        while (packet := self._websocket.receive()) is not None:
            self._take(packet)
        with self._news:
            self.closed = True
            self._news.notify_all()

    def _take(self, packet: str) -> None:
        with self._news:
            if packet.startswith(OPEN):
                self.worker = json.loads(packet[1:])["sid"].partition(".")[0]
            elif packet.startswith(CONNECT):
                self._connected = True
            elif packet.startswith(EVENT):
                self.events.append(tuple(json.loads(packet[2:])))
            elif packet.startswith(ACKNOWLEDGED):
                number, _, answer = packet[2:].partition("[")
                self._answers[int(number)] = json.loads("[" + answer)[0]
            elif packet.startswith((DISCONNECT, REFUSED)):
                self.closed = True
            elif packet == PING and self.answers_pings:
                self.send(PONG)
            self._news.notify_all()
