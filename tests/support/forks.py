"""Python programs that are spared their imports, which are most of what a start costs: a process that has imported all
forks for each of them. A program runs as if the interpreter had started it; but its modules have not seen its environment
when they were imported, which those that look at SENTRY_DSN or PROMETHEUS_MULTIPROC_DIR would have to.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from os import fork, waitpid, write  # before eventlet puts its own in their place, as the next
from pathlib import Path
from select import select
from typing import IO, NoReturn

ROOT = Path(__file__).parents[2]
LARGEST = 128 * 1024
PR_SET_PDEATHSIG = 1
_parents: dict[tuple[object, ...], Parent] = {}


def end_with_parent() -> None:
    """A test run that is killed leaves no server behind (where the system is Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Fork:
    """One program, to be handled like a subprocess.Popen."""

    def __init__(self, pid: int, report: IO[str]) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._report = report

    def poll(self) -> int | None:
        """Its exit code, negative for a signal, or None while it runs."""
        if self.returncode is None and select([self._report], [], [], 0)[0]:
            self._read()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            if not select([self._report], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            self._read()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _read(self) -> None:
        with self._report:
            # Nothing where the parent has gone, by which its children end.
            self.returncode = int(self._report.readline() or -signal.SIGTERM)


class Parent:
    """The process that forks, as this one sees it; it ends with this one, and its children with it. Each child runs in
    the environment that it is given; whether coverage.py measures it is for the parent's environment to say."""

    def __init__(self, modules: tuple[str, ...], environment: Mapping[str, str]) -> None:
        self._link, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.forks", str(other.fileno()), *modules],
                cwd=ROOT,
                env=environment,
                pass_fds=[other.fileno()],
            )

    def start(self, program: tuple[str, ...], environment: Mapping[str, str], *standard: int) -> Fork:
        """Runs `FILE` or `-m MODULE` with these three file descriptors for standard input, output and errors."""
        reads, writes = os.pipe()
        request = json.dumps([program, dict(environment)]).encode()
        socket.send_fds(self._link, [request], [writes, *standard])
        os.close(writes)
        report = os.fdopen(reads)
        return Fork(int(report.readline()), report)

    def close(self) -> None:
        self._link.close()
        self._process.wait(30)


def start(
    modules: tuple[str, ...],
    program: tuple[str, ...],
    environment: Mapping[str, str],
    *standard: int,
    measured_by: Mapping[str, str],
) -> Fork:
    """A program whose modules are imported already, by a process of this run's that is started when first needed."""
    key = (modules, *measured_by.items())
    if key not in _parents:
        _parents[key] = Parent(modules, _bare() | measured_by)
    return _parents[key].start(program, environment, *standard)


def _bare() -> dict[str, str]:
    unmeasured = {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE_")}
    return unmeasured | {"PYTHONUNBUFFERED": "1"}


def pytest_unconfigure() -> None:
    while _parents:
        _parents.popitem()[1].close()


def _serve() -> None:
    """In the process of its own: forks for every request, and reports how each child ends, until nobody can ask."""
    link = socket.socket(fileno=int(sys.argv[1]))
    for module in sys.argv[2:]:
        importlib.import_module(module)
    importlib.import_module("sqlalchemy.orm").configure_mappers()  # what else is the same for all
    share_memory()
    children: dict[int, tuple[int, int]] = {}
    while True:
        ready, _, _ = select([link, *children], [], [])
        for child in set(ready) & children.keys():
            pid, report = children.pop(child)
            _, status = waitpid(pid, 0)
            write(report, b"%d\n" % os.waitstatus_to_exitcode(status))
            os.close(report)
            os.close(child)
        if link not in ready:
            continue
        request, descriptors, _, _ = socket.recv_fds(link, LARGEST, 4)
        if not request:
            return
        report, *standard = descriptors
        pid = fork()
        if pid == 0:
            link.close()
            program, environment = json.loads(request)
            _become(program, environment, standard)
            for descriptor in [report, *children, *(each for _, each in children.values())]:
                os.close(descriptor)
            run_to_end(_run, program)
        write(report, b"%d\n" % pid)
        children[os.pidfd_open(pid)] = pid, report
        for descriptor in standard:
            os.close(descriptor)


def _become(program: list[str], environment: dict[str, str], standard: list[int]) -> None:
    """Makes this process that of a program, which is still to be run."""
    end_with_parent()
    for number, descriptor in enumerate(standard):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = program[1:] if program[0] == "-m" else program
    sys.orig_argv = [sys.executable, *program]
    if eventlet := sys.modules.get("eventlet"):
        eventlet.hubs.use_hub()  # the one there is waits for what the parent waits for


def _run(program: list[str]) -> None:
    if program[0] == "-m":
        runpy.run_module(program[1], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(program[0], run_name="__main__")


def share_memory() -> None:
    """Before forks: what there is now, no collection of garbage touches again, so that no child copies it."""
    gc.collect()
    gc.freeze()


def run_to_end(run: Callable[..., object], *arguments: object) -> NoReturn:
    """Runs what a child is for, and ends it without tearing down all that it was spared to import, which takes longer
    than most of what it does."""
    code: object = 0
    try:
        run(*arguments)
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
        code = 1
    if not isinstance(code, int | None):
        print(code, file=sys.stderr)
        code = 1
    atexit._run_exitfuncs()  # among others, what coverage.py has measured
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


if __name__ == "__main__":
    _serve()
