"""Keeps worker processes on one port: replaces those that die, ends them all on SIGTERM, and on SIGHUP renews them one
after another, each only once its successor serves.

wsgi.py becomes this program where WEB_CONCURRENCY asks for several workers. Each worker has a listening socket of its own
(SO_REUSEPORT), which the supervisor holds open too, so that no connection is lost while a worker is replaced.
"""

from __future__ import annotations

import json
import logging
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import multiprocess

log = logging.getLogger("lumina.supervisor")
BACKLOG = 4096
# Seconds: how long workers have to end, and how long the supervisor rests before it replaces one that died at once again.
GRACE, FIRST_REST, LONGEST_REST = 9.0, 1.0, 30.0
# How long a worker has to serve until its death counts as the first one again.
STEADY = 30.0


@dataclass(eq=False)
class Worker:
    """One process, and the pipe on which it says that it serves."""

    process: subprocess.Popen[bytes]
    ready: int
    started_at: float
    serves: bool = False


@dataclass(eq=False)
class Slot:
    """The place of one worker: its listening socket outlives those who serve it."""

    listener: socket.socket
    worker: Worker | None = None
    # The one before, which ends.
    leaving: Worker | None = None
    deaths: int = 0
    rests_until: float = 0
    renews: bool = False


@dataclass
class Supervisor:
    """Runs `command` `count` times."""

    host: str
    port: int
    count: int
    command: list[str]
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="lumina-")))
    ends: bool = False
    code: int = 0

    def run(self) -> int:
        """Until SIGTERM or SIGINT, or until a worker cannot even start; the exit code."""
        (self.folder / "metrics").mkdir()
        self._heed_signals()
        try:
            self._claim_port()
            self.slots = [Slot(self._listen()) for _ in range(self.count)]
            self.renewals: deque[Slot] = deque()
            for slot in self.slots:
                slot.worker = self._start(slot)
            while not self.ends:
                self._wait(0.5)
                self._reap()
                self._renew()
            self._end()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
        return self.code

    def _claim_port(self) -> None:
        """Fails where another program has it, which ours would share it with otherwise."""
        with socket.socket() as only:
            only.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            only.bind((self.host, self.port))

    def _listen(self) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((self.host, self.port))
        listener.listen(BACKLOG)
        return listener

    def _heed_signals(self) -> None:
        heard, bell = os.pipe()
        for end in (heard, bell):
            os.set_blocking(end, False)
        self.heard = heard
        signal.set_wakeup_fd(bell)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: setattr(self, "ends", True))
        signal.signal(signal.SIGHUP, lambda *_: self._ask_for_renewal())
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _ask_for_renewal(self) -> None:
        self.renewals.extend(slot for slot in self.slots if slot not in self.renewals)

    def _start(self, slot: Slot) -> Worker:
        said, says = os.pipe()
        environment = os.environ | {
            "LUMINA_WORKER": f"{slot.listener.fileno()},{says},{self.folder}",
            "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "metrics"),
        }
        process = subprocess.Popen(self.command, env=environment, pass_fds=(slot.listener.fileno(), says))
        os.close(says)
        return Worker(process, said, time.monotonic())

    def _wait(self, seconds: float) -> None:
        """Until a signal comes or a worker says that it serves; no longer than this."""
        starting = {w.ready: w for slot in self.slots if (w := slot.worker) and not w.serves}
        found, _, _ = select.select([self.heard, *starting], [], [], seconds)
        for source in found:
            if source == self.heard:
                os.read(self.heard, 4096)
            elif os.read(source, 1):
                starting[source].serves = True

    def _reap(self) -> None:
        for slot in self.slots:
            if slot.leaving and self._has_ended(slot.leaving):
                slot.leaving = None
            if slot.worker and self._has_ended(slot.worker):
                self._mourn(slot, slot.worker)
            if slot.worker is None and not self.ends and time.monotonic() >= slot.rests_until:
                slot.worker = self._start(slot)

    def _has_ended(self, worker: Worker) -> bool:
        if worker.process.poll() is None:
            return False
        os.close(worker.ready)
        multiprocess.mark_process_dead(worker.process.pid, str(self.folder / "metrics"))  # type: ignore[no-untyped-call]
        return True

    def _mourn(self, slot: Slot, worker: Worker) -> None:
        code = worker.process.returncode
        slot.worker = None
        if slot.leaving:
            log.error("the successor of worker %d could not start; that one stays", slot.leaving.process.pid)
            slot.worker, slot.leaving, slot.renews = slot.leaving, None, False
            return
        if not worker.serves and slot.deaths == 0:
            # What does not even start would not the next time: whoever started us is told.
            self.ends, self.code = True, code if code > 0 else 1
            return
        slot.deaths = 1 if time.monotonic() - worker.started_at > STEADY else slot.deaths + 1
        rest = (
            0 if code == 0 or slot.deaths == 1 else min(FIRST_REST * 2.0 ** (slot.deaths - 2), LONGEST_REST)
        )
        slot.rests_until = time.monotonic() + rest
        log.warning(
            "worker %d has ended with %d; another takes its place in %d s", worker.process.pid, code, rest
        )

    def _renew(self) -> None:
        """One slot at a time: a successor, and once that serves, the end of the one before."""
        slot = next((slot for slot in self.slots if slot.renews), None)
        if slot is None and self.renewals:
            slot = self.renewals.popleft()
            if slot.worker is None:
                return
            slot.renews, slot.leaving, slot.worker = True, slot.worker, self._start(slot)
        elif slot and slot.leaving is None:
            slot.renews = False
        elif slot and slot.leaving and slot.worker and slot.worker.serves:
            slot.leaving.process.terminate()

    def _end(self) -> None:
        workers = [w for slot in self.slots for w in (slot.worker, slot.leaving) if w]
        for worker in workers:
            worker.process.terminate()
        until = time.monotonic() + GRACE
        for worker in workers:
            try:
                worker.process.wait(max(until - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()


class AsJson(logging.Formatter):
    """The lines of lumina/logs.py, which is not to be had here: all of Lumina would come with it."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        return json.dumps(line, separators=(",", ":"))


def set_up_log() -> None:
    """As LOG_FORMAT says, which wsgi.py has set to what the configuration comes to."""
    handler = logging.StreamHandler()
    as_text = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(AsJson() if os.environ.get("LOG_FORMAT") == "json" else as_text)
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def main() -> None:
    """HOST PORT COUNT PROGRAM…, as wsgi.py calls it."""
    set_up_log()
    host, port, count, *program = sys.argv[1:]
    try:
        sys.exit(Supervisor(host, int(port), int(count), [sys.executable, *program]).run())
    except OSError as error:
        sys.exit(f"lumina: port {port} of {host} cannot be had: {error.strerror}")


if __name__ == "__main__":
    main()
