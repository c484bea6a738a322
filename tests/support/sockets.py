"""Sockets without a network: flask-socketio's test client, with acknowledgements and what arrived."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lumina.extensions import socketio
from tests.support.cast import Person


class Socket:
    """One connected socket."""

    def __init__(self, app: Flask, auth: dict[str, Any] | None, page: FlaskClient | None) -> None:
        self._client = socketio.test_client(app, auth=auth, flask_test_client=page)
        self._arrived: list[tuple[str, Any]] = []

    @property
    def connected(self) -> bool:
        return self._client.is_connected()

    def emit(self, event: str, *payload: Any) -> Any:
        """Sends an event and returns its acknowledgement."""
        return self._client.emit(event, *payload, callback=True)

    def arrived(self, event: str) -> list[Any]:
        """The payloads of this event that have arrived so far, in order."""
        if self.connected:
            for packet in self._client.get_received():
                self._arrived.append((packet["name"], packet["args"][0] if packet["args"] else None))
        return [payload for name, payload in self._arrived if name == event]

    def disconnect(self) -> None:
        if self.connected:
            self._client.disconnect()


OpenSocket = Callable[..., Socket]


@pytest.fixture
def open_socket(app: Flask) -> Iterator[OpenSocket]:
    """Connects by token, open_socket(cast.owner, html=True), or by cookie, open_socket(page=client)."""
    sockets: list[Socket] = []

    def connect(person: Person | None = None, *, page: FlaskClient | None = None, **auth: Any) -> Socket:
        if person is not None:
            auth = {"token": person.token, **auth}
        sockets.append(Socket(app, auth or None, page))
        return sockets[-1]

    yield connect
    for socket in sockets:
        socket.disconnect()
