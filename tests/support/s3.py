"""A server that speaks S3, in a process of its own, with a bucket."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count

import boto3
import pytest
import requests

from tests.support.server import free_port

_numbers = count(1)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Its address. The keys are any, but there must be some."""
    url = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", url.rpartition(":")[2]]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(requests.RequestException):
            requests.get(url, timeout=1)
            break
        time.sleep(0.1)
    yield url
    process.terminate()
    process.wait()


@pytest.fixture
def s3_url(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A STORAGE_URL: a new bucket, and in it a folder."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    name = f"lumina-{next(_numbers)}"
    boto3.client("s3", endpoint_url=s3_server, region_name="us-east-1").create_bucket(Bucket=name)
    return f"s3://{name}/files?endpoint_url={s3_server}&region=us-east-1"
