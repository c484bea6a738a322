"""Several processes: what is to be done to sockets goes to all of them through one Redis stream, in one order for all.

Each process adds what it has to tell in numbered batches; one operation's acts stand in one batch. Each process, the
teller included, reads the stream and does the acts to its own sockets. While Redis is lost, what waits is kept for some
seconds and told when it is back; where anything may have been missed, the sockets are closed, so that their clients come
back and ask what has changed.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from time import monotonic, sleep
from typing import Any

import orjson
from redis import RedisError

from lumina.extensions import socketio
from lumina.outlets import hub, lookers
from lumina.outlets.lookers import PROCESS
from lumina.outlets.stream import Stream
from lumina.outlets.versions import Versions

log = logging.getLogger(__name__)
STREAM = "lumina:acts"
# Seconds: how long what waits is still worth telling, how long one command may take, how long a read waits for news, and
# how long a lost Redis is left alone.
WORTH, PATIENCE, BLOCK, REST = 10.0, 2.0, 1.0, 0.5
# Seconds after which a process says that it is still there; after three times as many it is taken for gone.
BEAT = 10.0
# Seconds from one read to the next where much comes, so that few bring it all. What comes by itself is read at once.
GATHER = 0.004
# How often, in seconds, what waits for its turn is looked through.
EACH = 0.01
MOST_WAITING = 20_000


class Bus:
    """One process's end of it."""

    def __init__(self, url: str) -> None:
        self._stream = Stream(url, STREAM, patience=PATIENCE, wait=BLOCK)
        self._told = 0
        self._waiting: deque[tuple[float, str, dict[str, Any]]] = deque(maxlen=MOST_WAITING)
        self._news, self._stopping = threading.Event(), threading.Event()
        self._place: bytes | None = None
        self._next_read = 0.0
        # Process -> the number of its last batch, and when it came.
        self._heard: dict[str, tuple[int, float]] = {}
        self._is_lost = False
        self._versions = Versions(hub.perform)
        self._hurries = False

    def start(self) -> None:
        """Listen from now on, and tell what is published."""
        try:
            self._place = self._stream.end()
        except RedisError as error:
            self._note_loss(error)
        socketio.start_background_task(self._listen)
        socketio.start_background_task(self._tell)
        self.publish("say_who_looks", {})

    def stop(self) -> None:
        """End, once all is told."""
        self._stopping.set()
        self._news.set()

    def publish(self, act: str, arguments: dict[str, Any]) -> None:
        """Have every process do this, in the order of publishing."""
        self._waiting.append((monotonic(), act, arguments))
        self._news.set()

    def _tell(self) -> None:
        while self._waiting or not self._stopping.is_set():
            # What is empty tells that this process is there, and how many batches should have come.
            self._news.wait(BEAT)
            self._news.clear()
            self._add(self._take())

    def _take(self) -> list[Any]:
        """All that waits; what is not worth telling any more has been missed by everybody."""
        waiting = list(self._waiting)
        self._waiting.clear()
        if waiting and (waiting[0][0] < monotonic() - WORTH or len(waiting) == MOST_WAITING):
            return [("part_all", {})]
        return [(act, arguments) for _, act, arguments in waiting]

    def _add(self, acts: list[Any]) -> None:
        """Add one batch, again and again until Redis has it: its number tells those who hear it twice."""
        self._told += 1
        since = monotonic()
        while True:
            batch = orjson.dumps({"from": PROCESS, "number": self._told, "acts": acts})
            try:
                self._stream.add(batch)
                return
            except RedisError as error:
                self._note_loss(error)
            if self._stopping.wait(REST):
                return
            if acts and monotonic() - since > WORTH:
                acts = [("part_all", {})]

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                for place, batch in self._read():
                    self._place = place
                    self._hear(orjson.loads(batch))
                self._bury()
            except RedisError as error:
                self._note_loss(error)
                self._stopping.wait(REST)
            except Exception:
                log.exception("what another process tells could not be done")

    def _read(self) -> list[tuple[bytes, bytes]]:
        if self._place is None:
            self._place = self._stream.end()
            hub.perform("part_all", {})
        if (early := self._next_read - monotonic()) > 0:
            sleep(early)
        self._next_read = monotonic() + GATHER
        found = self._stream.read(self._place)
        if self._is_lost:
            self._is_lost = False
            log.warning("Redis is back")
            # Whoever has missed a batch sees it by the number of the next one, empty or not.
            self._news.set()
        return found

    def _hear(self, batch: dict[str, Any]) -> None:
        sender, number = batch["from"], batch["number"]
        last, _ = self._heard.get(sender, (None, 0.0))
        if last is not None and number <= last:
            return
        self._heard[sender] = number, monotonic()
        if last is not None and number > last + 1:
            log.warning("something of process %s was missed: clients are asked to come back", sender)
            hub.perform("part_all", {})
        self._versions.take(sender, batch["acts"])
        if self._versions.waits and not self._hurries:
            self._hurries = True
            socketio.start_background_task(self._hurry)

    def _bury(self) -> None:
        """Forget what processes have said that nothing has been heard of for long."""
        oldest = monotonic() - BEAT * 3
        for process in [process for process, (_, at) in self._heard.items() if at < oldest]:
            del self._heard[process]
            lookers.forget(process)

    def _hurry(self) -> None:
        """What waits for its predecessor does not wait for ever."""
        while self._versions.waits:
            socketio.sleep(EACH)
            self._versions.hurry()
        self._hurries = False

    def _note_loss(self, error: RedisError) -> None:
        if not self._is_lost:
            log.warning("Redis cannot be reached: %s", error)
        self._is_lost = True
