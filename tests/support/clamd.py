"""ClamAV's own daemon, with a signature of our own: it knows the EICAR test file and nothing else."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.server import free_port

# The file that every scanner calls infected; in two parts, so that none does so of this one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NAME = "Lumina.Test"
CONFIG = """
Foreground yes
DatabaseDirectory {folder}
LocalSocket {folder}/socket
TCPAddr 127.0.0.1
TCPSocket {port}
TemporaryDirectory {folder}
"""


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Its two addresses, tcp: and unix:."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    if program is None:
        pytest.skip("ClamAV's daemon is not installed")
    folder, port = tmp_path_factory.mktemp("clamd"), free_port()
    (folder / "own.ndb").write_text(f"{NAME}:0:*:{EICAR.hex()}\n")
    config = folder / "clamd.conf"
    config.write_text(CONFIG.format(folder=folder, port=port))
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([program, "-c", str(config)], stdout=log, stderr=log)
    _wait(process, port, folder / "log")
    yield f"tcp://127.0.0.1:{port}", f"unix://{folder}/socket"
    process.terminate()
    process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"clamd did not start:\n{log.read_text()}")
