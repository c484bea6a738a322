"""The Socket.IO client from npm, driven line by line in a node process: what other people's programs use."""

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "js_client"


class Refused(Exception):
    """The server refused the connection; its words and its data."""


class NodeClient:
    """One socket. Everything that arrives is kept; wait_for looks at what has come and at what comes."""

    def __init__(self) -> None:
        command = ["node", "client.js"]
        self._process = subprocess.Popen(
            command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._numbers = count(1)
        self._answers: dict[int, dict[str, Any]] = {}
        self._events: list[tuple[str, Any]] = []
        self._arrival = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def connect(self, url: str, token: str | None = None, **options: Any) -> str:
        """Connects with the client's default settings, or with these; returns the socket's id."""
        if token is not None:
            options = {"auth": {"token": token}, **options}
        return self._ask("connect", url=url, options=options)

    def emit(self, event: str, *payload: Any) -> Any:
        """Sends an event and returns its acknowledgement."""
        return self._ask("emit", event=event, payload=payload)

    def disconnect(self) -> None:
        self._ask("disconnect")

    def received(self, event: str) -> list[Any]:
        """The payloads of this event so far; `disconnect` is among the events, with its reason."""
        with self._arrival:
            return [payload for name, payload in self._events if name == event]

    def wait_for(self, event: str, where: Callable[[Any], bool] = lambda _: True, timeout: float = 10) -> Any:
        """The first payload of this event that fits."""

        def fitting() -> list[Any]:
            return [payload for payload in self.received(event) if where(payload)]

        with self._arrival:
            found = self._arrival.wait_for(fitting, timeout)
            assert found, f"no fitting {event!r} within {timeout} s; what came: {self._events}"
            return found[0]

    def close(self) -> None:
        self._process.kill()
        self._process.wait()

    def _ask(self, action: str, **details: Any) -> Any:
        assert self._process.stdin
        number = next(self._numbers)
        self._process.stdin.write(json.dumps({"number": number, "action": action, **details}) + "\n")
        self._process.stdin.flush()
        with self._arrival:
            assert self._arrival.wait_for(lambda: number in self._answers, 15), (
                f"no answer to {action} {details}"
            )
            answer = self._answers.pop(number)
        if "refused" in answer:
            raise Refused(answer["refused"])
        return answer.get("result")

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            said = json.loads(line)
            with self._arrival:
                if "number" in said:
                    self._answers[said["number"]] = said
                else:
                    self._events.append((said["event"], said["payload"]))
                self._arrival.notify_all()


@pytest.fixture
def node_client() -> Iterator[Callable[[], NodeClient]]:
    """Makes clients: node_client().connect(live_server.url, mara.token)."""
    if shutil.which("node") is None or not (FOLDER / "node_modules" / "socket.io-client").exists():
        pytest.skip("the Socket.IO client from npm is not installed")
    clients: list[NodeClient] = []

    def make() -> NodeClient:
        clients.append(NodeClient())
        return clients[-1]

    yield make
    for client in clients:
        client.close()
