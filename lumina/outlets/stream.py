"""A Redis stream that carries batches, over two kept connections: the library's pool and the layers of its commands would
take as much of the processor again as all the rest of an event's way."""

from __future__ import annotations

from typing import Any

from redis import ConnectionPool

# How many batches the stream keeps: as many may come while a process cannot read.
KEPT = 2_000
# How many are read at once.
MOST = 500


class Stream:
    """One process's end of it. Where Redis does not answer all raises RedisError, and connects anew the next time."""

    def __init__(self, url: str, name: str, *, patience: float, wait: float) -> None:
        """`patience`: how many seconds a connection and an answer may take; `wait`: for how long a read waits for news."""
        pool = ConnectionPool.from_url(
            url, socket_timeout=patience + wait, socket_connect_timeout=patience, protocol=2
        )
        # Whoever listens mostly waits, and must not hold up who tells.
        self._telling, self._listening = pool.make_connection(), pool.make_connection()
        self._name, self._wait = name, round(wait * 1000)

    def add(self, batch: bytes) -> None:
        """Put a batch at its end."""
        _ask(self._telling, "XADD", self._name, "MAXLEN", "~", KEPT, "*", "batch", batch)

    def read(self, place: bytes) -> list[tuple[bytes, bytes]]:
        """What comes after a place, each as (its place, the batch), once there is something; empty where nothing comes."""
        answer = _ask(
            self._listening, "XREAD", "COUNT", MOST, "BLOCK", self._wait, "STREAMS", self._name, place
        )
        return [(found, batch) for found, (_, batch) in answer[0][1]] if answer else []

    def end(self) -> bytes:
        """The place after which nothing has come yet."""
        newest = _ask(self._listening, "XREVRANGE", self._name, "+", "-", "COUNT", 1)
        return newest[0][0] if newest else b"0-0"


def _ask(connection: Any, *command: str | int | bytes) -> Any:
    connection.send_command(*command)
    return connection.read_response()
