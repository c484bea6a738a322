"""`flask …` beside a server, as quick as the command itself: a process that has imported everything forks for each one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from flask.cli import FlaskGroup

from lumina import create_app

ROOT = Path(__file__).parents[2]


class Commands:
    """Runs commands one after another in the environment with which it was made."""

    def __init__(self, environment: dict[str, str], preexec: Callable[[], None]) -> None:
        self._turn = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.commands"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            preexec_fn=preexec,
        )

    def run(self, arguments: tuple[str, ...]) -> tuple[int, str, str]:
        """The command's exit code, and what it printed on both its outputs."""
        assert self._process.stdin
        assert self._process.stdout
        with self._turn:
            self._process.stdin.write(json.dumps(arguments) + "\n")
            self._process.stdin.flush()
            code, output, errors = json.loads(self._process.stdout.readline())
        return code, output, errors

    def close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(15)


def serve() -> None:
    """In the process of its own: a command a line, until there are no more."""
    app = create_app()
    group = FlaskGroup(create_app=lambda: app)
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
            child = os.fork()
            if child == 0:
                os.dup2(output.fileno(), 1)
                os.dup2(errors.fileno(), 2)
                os._exit(_code_of(group, json.loads(line)))
            _, status = os.waitpid(child, 0)
            output.seek(0)
            errors.seek(0)
            answer = [os.waitstatus_to_exitcode(status), output.read(), errors.read()]
            print(json.dumps(answer), flush=True)


def _code_of(group: Callable[..., object], arguments: list[str]) -> int:
    code: object = 0
    try:
        group.main(arguments, prog_name="flask")  # type: ignore[attr-defined]
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else 0 if code is None else 1


if __name__ == "__main__":
    serve()
