"""The real server: wsgi.py in a process of its own, on a port and a database of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import requests

from tests.support import forks
from tests.support.application import environment
from tests.support.cast import Person
from tests.support.commands import Commands
from tests.support.database import NewDatabase, migrate
from tests.support.forks import Fork
from tests.support.measuring import MEASURED_ON

ROOT = Path(__file__).parents[2]
SETTINGS = (
    "ARGON2_",
    "LUMINA_",
    "DATABASE_URL",
    "REDIS_URL",
    "STORAGE_URL",
    "CLAMD_",
    "MAX_",
    "SMTP_URL",
    "FRONTEND_URL",
    "PUBLIC_URL",
    "STRIPE_",
    "WEB_CONCURRENCY",
    "CURRENCY",
    "DISPUTE_HOURS",
    "PLATFORM_FEE_PERCENT",
    "PRIORITY_",
    "STRIPE_",
)
# By the one coverage.py has a process measured that is started by one that is; by the other, any.
COVERAGE, MEASURED_BY = "COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"
_numbers = count(1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Started on a migrated database; may be ended, killed and started again on the same port and rows.

    What is not `traced` takes no part in the measuring of coverage, and needs half the time. What is not `spared` its
    imports is started by the interpreter, as in a deployment; several workers are in any case.
    """

    program = ("wsgi.py",)

    def __init__(
        self, database_url: str, instance: Path, *, traced: bool = True, spared: bool = True, **settings: str
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = instance / "server.log"
        inherited = {name: text for name, text in os.environ.items() if not name.startswith(SETTINGS)}
        self._is_traced = bool(inherited.pop(COVERAGE, None)) and traced
        own = {"HOST": "127.0.0.1", "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        self.environment = (
            inherited | environment(database_url, instance) | own | self._measured_by("greenlets") | settings
        )
        self.process: subprocess.Popen[bytes] | Fork | None = None
        self._spared = spared and "WEB_CONCURRENCY" not in settings
        self._commands: Commands | None = None
        migrate(database_url, lambda url: self.flask("db", "upgrade", DATABASE_URL=url))

    def _measured_by(self, concurrency: str) -> dict[str, str]:
        """What has coverage.py measure a process, in which functions of greenlets take turns or those of threads."""
        return {MEASURED_BY: str(ROOT / f"tests/support/{concurrency}.coveragerc")} if self._is_traced else {}

    def flask(self, *arguments: str, **settings: str) -> str:
        """Runs a command beside the server, as `bin/flask` does; returns what it printed."""
        measured_by = self._measured_by("threads")
        if settings:
            code, printed, errors = self._run_anew(arguments, measured_by | settings)
        else:
            self._commands = self._commands or Commands(self.environment | measured_by, measured_by)
            code, printed, errors = self._commands.run(arguments)
        assert code == 0, printed + errors
        return printed

    def _run_anew(self, arguments: tuple[str, ...], settings: dict[str, str]) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "flask", "--app", "lumina", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment | settings, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout, done.stderr

    def start(self) -> None:
        """Returns once the server answers."""
        with self.log.open("a") as log:
            self.process = self._fork(log.fileno()) if self._spared else self._run(log.fileno())
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.answers():
                return
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"the server did not start:\n{self.tail()}")

    def _fork(self, log: int) -> Fork:
        with open(os.devnull) as nothing:
            standard = nothing.fileno(), log, log
            return forks.start(
                ("wsgi",),
                self.program,
                self.environment,
                *standard,
                measured_by=self._measured_by("greenlets"),
            )

    def _run(self, log: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, *self.program]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, preexec_fn=forks.end_with_parent
        )

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=5).ok
        except requests.RequestException:
            return False

    def stop(self) -> int:
        """Ends it cleanly, as a deployment does; returns its exit code."""
        self._end_commands()
        if self.process is None:
            return 0
        self.process.terminate()
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self) -> None:
        """SIGKILL: as a crash or a power cut."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self._end_commands()

    def _end_commands(self) -> None:
        if self._commands:
            self._commands.close()
            self._commands = None

    def workers(self) -> set[int]:
        """The processes that serve, where there are several, by the kernel's own word."""
        assert self.process
        pid = self.process.pid
        return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}

    def tail(self, start: int = 0) -> str:
        """The log from a place on, at most its last 20,000 characters."""
        return self.log.read_text(errors="replace")[start:][-20_000:] if self.log.exists() else ""

    def register(self, first_name: str = "Mara", last_name: str = "Ellison") -> Person:
        """A new person, through the API."""
        email = f"{first_name}.{last_name}.{os.getpid()}.{next(_numbers)}@example.org".lower()
        password = "correct horse battery"
        body = {"email": email, "password": password, "firstName": first_name, "lastName": last_name}
        answer = requests.post(f"{self.url}/api/auth/register", json=body, timeout=30)
        assert answer.status_code == 201, answer.text
        return Person.from_wire(answer.json()["data"], password)

    def call(self, person: Person, method: str, path: str, **options: object) -> requests.Response:
        """A request in somebody's name."""
        headers = {"Authorization": f"Bearer {person.token}"}
        return requests.request(method, self.url + path, headers=headers, timeout=30, **options)  # type: ignore[arg-type]


MakeServer = Callable[..., Server]


@pytest.fixture(scope="session")
def live_server(
    database_kind: str, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One server for all tests of a database that do it no harm; each test registers its own people."""
    is_traced = database_kind in MEASURED_ON
    server = Server(new_database("live"), tmp_path_factory.mktemp("live"), traced=is_traced)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def make_server(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeServer]:
    """Servers of the test's own, to be configured, killed and started again as it likes. Not traced: what has been
    measured of a process that is killed is lost."""
    servers: list[Server] = []

    def make(**settings: str) -> Server:
        instance = tmp_path_factory.mktemp("own")
        servers.append(Server(new_database("own"), instance, traced=False, **settings))
        servers[-1].start()
        return servers[-1]

    yield make
    for server in servers:
        server.kill()
