"""The deployments of docs/deploy.md, as far as they run on a tests' machine: each from the files that are committed."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

from lumina.config import Config
from tests.live.conftest import crowd, make_group
from tests.support import nginx
from tests.support.forms import TOKEN
from tests.support.measuring import MEASURED_ON
from tests.support.server import Server, free_port
from tests.support.site import TLS
from tests.support.waiting import eventually

pytestmark = pytest.mark.live
ROOT = Path(__file__).parents[2]
MIB = 1024 * 1024
CLIENT = "127.0.0.77"
PRODUCTION = {
    "LUMINA_ENV": "production",
    "LUMINA_TEST_CLOCK": "0",
    "ARGON2_MEMORY_KIB": "",
    "ARGON2_TIME_COST": "",
    "TRUSTED_PROXIES": "1",
}


@pytest.fixture(scope="module")
def proxied(database_kind, new_database, tmp_path_factory):
    """A server in production, and nginx before it."""
    if nginx.find() is None:
        pytest.skip("nginx is not installed")
    how = {"traced": database_kind in MEASURED_ON, "spared": False}
    server = Server(new_database("proxied"), tmp_path_factory.mktemp("proxied"), **how, **PRODUCTION)
    server.start()
    before = nginx.Nginx(tmp_path_factory.mktemp("nginx"), server.port)
    before.start()
    server.url = before.url
    yield server, before
    before.stop()
    server.stop()


class FromElsewhere(HTTPAdapter):
    """Connects from another address of this machine, so that it can be told from the proxy's."""

    def init_poolmanager(self, *arguments, **options):
        super().init_poolmanager(
            *arguments, source_address=(CLIENT, 0), assert_hostname="page.example", **options
        )


@pytest.fixture
def browser():
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", FromElsewhere())
    session.verify = str(TLS / "authority.pem")
    return session


def call(browser, server, person, method, path, **options):
    headers = {"Authorization": f"Bearer {person.token}"} | options.pop("headers", {})
    return browser.request(method, server.url + path, headers=headers, timeout=30, **options)


@pytest.fixture(scope="module")
def people(proxied):
    server, before = proxied
    server.url = f"http://127.0.0.1:{server.port}"
    found = crowd(server, 2)
    conversation = make_group(server, found)
    server.url = before.url
    return *found, conversation


def lines(server, **members):
    found = [json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in found if members.items() <= line.items()]


@pytest.mark.parametrize("transports", [["websocket"], ["polling"], ["polling", "websocket"]])
def test_people_chat_through_nginx(proxied, people, node_client, transports):
    server, _ = proxied
    mara, tomasz, conversation = people
    one, other = node_client(), node_client()
    for client, person in ((one, mara), (other, tomasz)):
        client.connect(server.url, person.token, transports=transports, rejectUnauthorized=False)
    content = f"By {' and '.join(transports)}"
    assert one.emit("new_message", {"conversationId": conversation, "content": content})["success"]
    other.wait_for("message_received", lambda event: event["message"]["content"] == content)


def test_the_largest_file_goes_through(proxied, people, browser):
    server, _ = proxied
    mara, _, conversation = people
    content = b"a" * 10 * MIB
    path = "/api/messages/attachments"
    sent = call(browser, server, mara, "POST", path, files={"file": ("large.txt", content)})
    assert sent.status_code == 201, sent.text
    attachment = sent.json()["data"]["attachment"]
    assert call(browser, server, mara, "GET", attachment["url"]).content == content
    five = [("attachments", (f"{number}.txt", content)) for number in range(5)]
    answer = call(
        browser, server, mara, "POST", "/api/messages", data={"conversationId": conversation}, files=five
    )
    assert answer.status_code == 201, answer.text


def test_the_clients_address_is_known_and_no_other_believed(proxied, people, browser):
    server, _ = proxied
    mara, _, _ = people
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example", "X-Request-Id": "mine"}
    answer = call(browser, server, mara, "GET", "/api/auth/me", headers=forged)
    assert answer.status_code == 200
    [line] = lines(server, request_id=answer.headers["X-Request-Id"])
    assert line["address"] == CLIENT
    assert re.fullmatch(r"[0-9a-f]{32}", line["request_id"])
    assert "evil" not in browser.get(f"{server.url}/login", headers=forged, timeout=30).text


def test_a_browser_signs_in_over_https(proxied, people, browser):
    server, before = proxied
    mara, _, _ = people
    first = browser.get(f"{before.plain_url}/login", allow_redirects=False, timeout=30)
    assert (first.status_code, first.headers["Location"]) == (308, "https://127.0.0.1/login")
    page = browser.get(f"{server.url}/login", timeout=30)
    assert page.headers["Strict-Transport-Security"]
    form = {"email": mara.email, "password": mara.password, "csrf_token": TOKEN.search(page.text)[1]}
    answer = browser.post(f"{server.url}/login", data=form, headers={"Referer": page.url}, timeout=30)
    assert answer.url == f"{server.url}/conversations"
    assert all(cookie.secure for cookie in browser.cookies)
    style = re.search(r'href="(/static/[^"]+\.css)"', answer.text)[1]
    assert browser.get(server.url + style, timeout=30).headers["Content-Encoding"] == "gzip"
    assert browser.get(f"{server.url}/metrics", timeout=30).status_code == 404


def procfile():
    """What each kind of process runs."""
    entries = (line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    return {name: shlex.split(command) for name, command in entries}


def test_a_procfile_platform_releases_and_serves(new_database, tmp_path):
    url = new_database("paas").replace("postgresql://", "postgres://")
    port = free_port()
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LUMINA_ENV": "production",
        "LUMINA_INSTANCE": str(tmp_path / "instance"),
        "SECRET_KEY": "s" * 64,
        "JWT_SECRET": "j" * 64,
        "DATABASE_URL": url,
        "TRUSTED_PROXIES": "1",
    }
    commands = procfile()
    subprocess.run(commands["release"], cwd=ROOT, env=environment, check=True, capture_output=True)
    with (tmp_path / "log").open("w") as log:
        web = subprocess.Popen(
            commands["web"], cwd=ROOT, env=environment | {"PORT": str(port)}, stdout=log, stderr=log
        )
    try:
        assert eventually(lambda: answers(f"http://127.0.0.1:{port}/readyz"), 30), (
            tmp_path / "log"
        ).read_text()
        web.terminate()
        assert web.wait(15) == 0
    finally:
        web.kill()
    told = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert told[-1]["message"].startswith("stopping")


def answers(url):
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


def instructions():
    """The Dockerfile's last stage: (instruction, argument) each, continued lines in one."""
    text = re.sub(r"(?m)^#.*\n", "", (ROOT / "Dockerfile").read_text()).replace("\\\n", "")
    found = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    start = max(number for number, (name, _) in enumerate(found) if name == "FROM")
    return found, found[start:]


def test_a_second_server_does_not_share_the_port_of_the_first(make_server):
    first = make_server()
    with pytest.raises(
        RuntimeError, match=f"port {first.port} of 127.0.0.1 cannot be had: Address already in use"
    ):
        make_server(PORT=str(first.port))
    assert first.answers()


def test_the_container_knows_whether_it_is_healthy(live_server):
    _, last = instructions()
    [check] = [argument for name, argument in last if name == "HEALTHCHECK"]
    command = json.loads(check[check.index("CMD ") + 4 :])
    for port, code in ((live_server.port, 0), (free_port(), 1)):
        environment = os.environ | {
            "PORT": str(port),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        assert subprocess.run(command, env=environment, capture_output=True, check=False).returncode == code


def test_the_container_gets_what_it_needs_and_runs_what_a_platform_does():
    every, last = instructions()
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    copied = [
        source
        for name, argument in every
        if name == "COPY" and not argument.startswith("--from")
        for source in argument.split()[:-1]
    ]
    for source in copied:
        assert (ROOT / source).exists()
        assert f"!{source}" in ignored
    assert {"lumina", "migrations", "static", "templates", "wsgi.py"} <= set(copied)
    assert json.loads(dict(last)["CMD"]) == procfile()["web"]
    assert dict(last)["USER"] == "lumina"


def test_a_new_version_of_the_container_keeps_the_layer_of_its_libraries():
    every, last = instructions()
    copies = [argument for name, argument in last if name == "COPY"]
    assert re.fullmatch(r"--from=\S+ /opt/lumina/\.venv \.venv", copies[0])
    before = every[: len(every) - len(last)]
    assert [argument for name, argument in before if name == "COPY"] == ["requirements.txt ./"]


def test_the_systemd_unit_is_sound(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    unit = (ROOT / "deploy" / "lumina.service").read_text().replace("/opt/lumina", str(tmp_path))
    (tmp_path / "lumina.service").write_text(unit)
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "lumina.service")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    # In tenths. What is left is above all that it speaks to the network.
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager"]
    done = subprocess.run(
        [*command, str(tmp_path / "lumina.service")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_example_of_an_environment_is_one():
    text = (ROOT / "deploy" / "env.example").read_text()
    names = set(re.findall(r"(?m)^#?([A-Z_]+)=", text))
    documented = set(re.findall(r"`([A-Z][A-Z_0-9]+)`", (ROOT / "README.md").read_text()))
    assert names <= documented
    filled = re.sub(r"(?m)^(SECRET_KEY|JWT_SECRET)=$", rf"\1={'s' * 64}", text)
    settings = dict(line.split("=", 1) for line in filled.splitlines() if line and not line.startswith("#"))
    config = Config.from_env(settings)
    assert (config.env, config.host, config.trusted_proxies) == ("production", "127.0.0.1", 1)
    assert urlsplit(config.public_url).scheme == "https"
