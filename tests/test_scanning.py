"""The virus scanner: a real clamd, one that is not there, and one that says what it should not."""

import socket
import threading
from dataclasses import replace
from tempfile import TemporaryFile

import pytest

from lumina import metrics, scanning
from lumina.services import uploads
from tests.support import files
from tests.support.clamd import EICAR, NAME


@pytest.fixture
def scanned_by(app):
    """Lets another scanner look at uploads, and says whether it must."""

    def configure(url, required=True):
        uploads.configure(replace(app.config["LUMINA"], clamd_url=url, clamd_required=required))

    yield configure
    uploads.configure(app.config["LUMINA"])


def count(metric):
    return metric._value.get()


def test_what_it_finds(clamd):
    for url in clamd:
        for content, found in ((b"hello" * 100_000, None), (EICAR, f"{NAME}.UNOFFICIAL")):
            with TemporaryFile() as file:
                file.write(content)
                assert scanning.Scanner(url).find(file) == found


def test_an_infected_file_is_refused_and_reported(api, cast, clamd, scanned_by, caplog):
    scanned_by(clamd[0])
    before = count(metrics.files_infected)
    refused = files.upload(api, cast.owner, "a.txt", EICAR, status=415)
    assert refused["code"] == "file_infected"
    assert count(metrics.files_infected) == before + 1
    assert NAME in caplog.text
    packed = files.archive({"a.txt": EICAR})
    assert files.upload(api, cast.owner, "a.zip", packed, status=415)["code"] == "file_infected"
    assert files.upload(api, cast.owner)["fileName"] == "photo.png"


def test_a_scanner_that_is_not_there(api, cast, scanned_by, caplog, tmp_path):
    for url in ("tcp://127.0.0.1:1", f"unix://{tmp_path}/nobody"):
        scanned_by(url)
        before = count(metrics.scans_failed)
        refused = files.upload(api, cast.owner, status=503)
        assert refused["code"] == "scanner_unavailable"
        scanned_by(url, required=False)
        files.upload(api, cast.owner)
        assert count(metrics.scans_failed) == before + 2
    assert "is refused" in caplog.text
    assert "is let pass" in caplog.text


@pytest.mark.parametrize("said", [b"stream: size limit exceeded. ERROR\0", b"", b"x" * 5000])
def test_a_scanner_that_cannot_look(said):
    with socket.create_server(("127.0.0.1", 0)) as listener, TemporaryFile() as file:
        file.write(b"hello")

        def answer():
            connection, _ = listener.accept()
            with connection:
                connection.recv(100)
                connection.sendall(said)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(100):
                    pass

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(scanning.Unreachable):
            scanning.Scanner(f"tcp://127.0.0.1:{listener.getsockname()[1]}").find(file)
