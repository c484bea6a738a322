"""Reports of faults: what leaves of one, where there is somebody to tell. tests/live/test_logs.py sends real ones."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.exceptions import BadGateway, BadRequest

from lumina import logs, reporting
from lumina.config import Config
from lumina.errors import NotFound, Unavailable
from tests.support.application import environment

ROOT = Path(__file__).parent.parent
IMPORTED = "import sys, lumina; print('sentry_sdk' in sys.modules)"


@pytest.fixture(autouse=True)
def unknown(monkeypatch):
    monkeypatch.setattr(reporting, "_reported", {})


def report(error, **members):
    """What leaves of a report about this exception."""
    values = [{"type": type(error).__name__, "value": str(error)}]
    event = {"event_id": "1", "exception": {"values": values}, **members}
    return reporting._scrub(event, {"exc_info": (type(error), error, None)})


def fail(error):
    try:
        raise error
    except type(error) as raised:
        return raised


def test_only_what_is_known_to_be_harmless_leaves():
    with logs.within() as around:
        logs.acting(7)
        left = report(
            ValueError("what somebody wrote"),
            breadcrumbs={"values": ["x"]},
            contexts={"runtime": {"name": "CPython"}, "device": {"arch": "x"}},
            extra={"sys.argv": ["flask", "mara@example.org"]},
            logentry={"message": "%s", "params": ["what somebody wrote"]},
            request={"method": "POST", "url": "http://h/reset/token", "cookies": {"a": "b"}},
            transaction="/reset/<token>",
            user={"ip_address": "203.0.113.5"},
        )
    assert left == {
        "event_id": "1",
        "exception": {"values": [{"type": "ValueError", "value": "[its words are withheld]"}]},
        "contexts": {"runtime": {"name": "CPython"}},
        "request": {"method": "POST"},
        "tags": {"request_id": around.request_id},
        "transaction": "/reset/<token>",
        "user": {"id": "7"},
    }


def test_outside_of_requests_there_is_nobody():
    left = report(OSError("out of reach"))
    assert left["exception"]["values"][0]["value"] == "out of reach"
    assert not {"request", "tags", "user"} & left.keys()


@pytest.mark.parametrize(
    ("error", "leaves"),
    [(NotFound(), False), (Unavailable(), True), (BadRequest(), False), (BadGateway(), True)],
)
def test_refusals_are_no_faults(error, leaves):
    assert (report(error) is not None) == leaves


def test_a_line_without_an_exception_is_no_fault():
    assert reporting._scrub({"logentry": {"message": "x"}}, {}) is None


def test_the_same_fault_is_told_once_a_minute(monkeypatch):
    errors = [fail(OSError("away")) for _ in range(2)]
    assert [report(error) is not None for error in errors] == [True, False]
    assert report(fail(RuntimeError("another"))) is not None
    monkeypatch.setattr(reporting, "SAME_SECONDS", -1)
    reporting._reported.clear()
    assert [report(error) is not None for error in errors] == [True, True]
    monkeypatch.setattr(reporting, "MOST_KNOWN", 1)
    assert report(RuntimeError("a third")) is not None
    assert len(reporting._reported) == 1


def test_with_nobody_to_tell_nothing_is_even_imported(tmp_path):
    config = Config.from_env(environment("sqlite:///nowhere.db", tmp_path))
    reporting.set_up(replace(config, sentry_dsn=None))
    for dsn, imported in (("", "False"), ("http://key@127.0.0.1:9/1", "True")):
        given = {"PATH": "/usr/bin:/bin", "LUMINA_INSTANCE": str(tmp_path), "SENTRY_DSN": dsn}
        command = [sys.executable, "-W", "ignore", "-c", IMPORTED]
        done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == imported
