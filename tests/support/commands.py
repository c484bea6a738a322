"""`flask …` beside a server, as quick as the command itself: a process that has imported everything forks for each one."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from collections.abc import Mapping

from flask.cli import FlaskGroup

from lumina import create_app
from tests.support import forks


class Commands:
    """Runs commands one after another in the environment with which it was made."""

    def __init__(self, environment: Mapping[str, str], measured_by: Mapping[str, str]) -> None:
        self._turn = threading.Lock()
        (reads, asked), (told, writes) = os.pipe(), os.pipe()
        program = "-m", "tests.support.commands"
        with open(os.devnull, "w") as nothing:
            standard = reads, writes, nothing.fileno()
            self._process = forks.start(
                ("lumina", "flask.cli"), program, environment, *standard, measured_by=measured_by
            )
        os.close(reads)
        os.close(writes)
        self._asked, self._told = os.fdopen(asked, "w"), os.fdopen(told)

    def run(self, arguments: tuple[str, ...]) -> tuple[int, str, str]:
        """The command's exit code, and what it printed on both its outputs."""
        with self._turn:
            print(json.dumps(arguments), file=self._asked, flush=True)
            code, output, errors = json.loads(self._told.readline())
        return code, output, errors

    def close(self) -> None:
        """Ends what waits for commands; there is nothing that it would have to finish."""
        self._process.kill()
        self._process.wait()
        self._asked.close()
        self._told.close()


def serve() -> None:
    """In the process of its own: a command a line, until there are no more."""
    app = create_app()
    group = FlaskGroup(create_app=lambda: app)
    forks.share_memory()
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
            child = os.fork()
            if child == 0:
                forks.end_with_parent()
                os.dup2(output.fileno(), 1)
                os.dup2(errors.fileno(), 2)
                forks.run_to_end(group.main, json.loads(line), "flask")
            _, status = os.waitpid(child, 0)
            output.seek(0)
            errors.seek(0)
            answer = [os.waitstatus_to_exitcode(status), output.read(), errors.read()]
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve()
