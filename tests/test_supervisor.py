"""The supervisor with workers that do as the test says: what it does when they die, cannot start, or do not end."""

import json
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lumina.serving import supervisor
from tests.support.forks import end_with_parent
from tests.support.server import free_port
from tests.support.waiting import eventually

# Processes that are never quite in step, as those of a real server are.
pytestmark = pytest.mark.live

# Serves until SIGTERM, unless the file "broken" is there; writes down that it has come.
WORKER = """
import os, pathlib, signal, sys, time
folder = pathlib.Path(__file__).parent
if (folder / "broken").exists():
    (folder / f"dies-{os.getpid()}").touch()
    sys.exit(3)
if (folder / "stubborn").exists():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
listener, ready, _ = os.environ["LUMINA_WORKER"].split(",")
(folder / f"serves-{os.getpid()}").touch()
os.write(int(ready), b".")
while True:
    time.sleep(1)
"""


class Supervised:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        (folder / "worker.py").write_text(WORKER)
        self.process: subprocess.Popen[str] | None = None

    def start(self, count: int = 2) -> None:
        arguments = ["127.0.0.1", str(self.port), str(count), str(self.folder / "worker.py")]
        self.process = subprocess.Popen(
            [sys.executable, "-P", supervisor.__file__, *arguments],
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=end_with_parent,
        )

    def workers(self) -> set[int]:
        """Those that live and have said that they serve."""
        pids = {int(path.name.partition("-")[2]) for path in self.folder.glob("serves-*")}
        return {pid for pid in pids if is_alive(pid)}

    def has(self, count: int) -> bool:
        return eventually(lambda: len(self.workers()) == count)

    def end(self) -> tuple[int, str]:
        """Its exit code, and what it has said."""
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, said


def is_alive(pid: int) -> bool:
    """Neither gone, perhaps in this very moment, nor a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def supervised(tmp_path):
    made = Supervised(tmp_path)
    yield made
    if made.process and made.process.poll() is None:
        made.process.terminate()
        made.end()


def test_it_starts_and_ends_them_all(supervised):
    supervised.start(3)
    assert supervised.has(3)
    supervised.process.terminate()
    assert supervised.end()[0] == 0
    assert supervised.workers() == set()


def test_the_port_stays_open_while_a_worker_is_replaced(supervised):
    supervised.start(1)
    assert supervised.has(1)
    (worker,) = supervised.workers()
    os.kill(worker, signal.SIGKILL)
    socket.create_connection(("127.0.0.1", supervised.port), timeout=5).close()
    assert eventually(lambda: supervised.workers() not in (set(), {worker}))


def test_a_worker_that_cannot_start_at_all_ends_it_with_its_code(supervised):
    (supervised.folder / "broken").touch()
    supervised.start()
    assert supervised.end()[0] == 3


def test_one_that_dies_again_and_again_rests_before_it_comes_back(supervised):
    supervised.start(1)
    assert supervised.has(1)
    (supervised.folder / "broken").touch()
    os.kill(supervised.workers().pop(), signal.SIGKILL)
    assert eventually(lambda: list(supervised.folder.glob("dies-*")))
    (supervised.folder / "broken").unlink()
    assert supervised.has(1)
    supervised.process.terminate()
    code, said = supervised.end()
    assert code == 0
    assert "has ended with -9; another takes its place in 0 s" in said
    assert "has ended with 3; another takes its place in 1 s" in said


def test_it_tells_as_its_workers_do(supervised, monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "json")
    supervised.start(1)
    assert supervised.has(1)
    (worker,) = supervised.workers()
    os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: supervised.workers() not in (set(), {worker}))
    supervised.process.terminate()
    [line] = map(json.loads, supervised.end()[1].splitlines())
    assert abs(datetime.now(UTC) - datetime.fromisoformat(line.pop("time"))) < timedelta(minutes=1)
    assert line == {
        "level": "warning",
        "logger": "lumina.supervisor",
        "message": f"worker {worker} has ended with -9; another takes its place in 0 s",
    }


def test_a_successor_that_cannot_start_leaves_the_one_before(supervised):
    supervised.start(2)
    assert supervised.has(2)
    before = supervised.workers()
    (supervised.folder / "broken").touch()
    supervised.process.send_signal(signal.SIGHUP)
    assert eventually(lambda: list(supervised.folder.glob("dies-*")))
    assert supervised.workers() == before
    (supervised.folder / "broken").unlink()
    supervised.process.send_signal(signal.SIGHUP)
    assert eventually(lambda: len(supervised.workers()) == 2 and not supervised.workers() & before)
    supervised.process.terminate()
    assert "could not start; that one stays" in supervised.end()[1]


def test_one_that_does_not_end_is_killed(supervised, monkeypatch):
    (supervised.folder / "stubborn").touch()
    supervised.start(1)
    assert supervised.has(1)
    supervised.process.terminate()
    assert supervised.end()[0] == 0
    assert supervised.workers() == set()


@pytest.mark.parametrize("shares", [False, True])
def test_a_port_that_is_taken_is_said_in_one_line(supervised, shares):
    with socket.create_server(("127.0.0.1", supervised.port), reuse_port=shares):
        supervised.start()
        code, said = supervised.end()
    assert code == 1
    assert said == f"lumina: port {supervised.port} of 127.0.0.1 cannot be had: Address already in use\n"
