"""nginx with the committed configuration, its paths and ports those of a test."""

import re
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import requests

from tests.support.server import free_port
from tests.support.site import TLS

ROOT = Path(__file__).parents[2]
SITE = ROOT / "deploy" / "nginx.conf"
# As Debian's nginx.conf takes sites in. One process, which is whoever runs the tests.
MAIN = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def find() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


class Nginx:
    """Runs in front of a server: `url` is where browsers go, `plain_url` where they came to first."""

    def __init__(self, folder: Path, server_port: int) -> None:
        self._folder, port, plain_port = folder, free_port(), free_port()
        self.url, self.plain_url = f"https://127.0.0.1:{port}", f"http://127.0.0.1:{plain_port}"
        site = SITE.read_text()
        for committed, here in (
            (r"server 127\.0\.0\.1:5000;", f"server 127.0.0.1:{server_port};"),
            (r"listen 80;", f"listen 127.0.0.1:{plain_port};"),
            (r"listen 443 (.*);", rf"listen 127.0.0.1:{port} \1;"),
            (r"listen \[::\]:.*\n", "\n"),
            (r"/etc/letsencrypt/live/lumina\.example/\w+\.pem", str(TLS / "page.example.pem")),
        ):
            site, count = re.subn(committed, here, site)
            assert count, f"{committed} is not in {SITE}"
        (folder / "site.conf").write_text(site)
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder))

    def start(self) -> None:
        """Returns once it answers."""
        program = find()
        assert program
        command = [program, "-p", str(self._folder), "-c", str(self._folder / "nginx.conf")]
        self._process = subprocess.Popen([*command, "-e", str(self._folder / "error.log")])
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(requests.RequestException):
                requests.get(self.plain_url, timeout=1, allow_redirects=False)
                return
            time.sleep(0.05)
        raise RuntimeError(f"nginx did not start:\n{(self._folder / 'error.log').read_text()}")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
