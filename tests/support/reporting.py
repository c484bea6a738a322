"""What ran, in words, at the end of a run; and in CI no test may be skipped.

A test against the real server or in a real browser is tried a second time where it failed, since two processes and a
machine shared with others are never quite in step. It is named at the end: a test that needs it twice has a cause.
"""

import os
from collections.abc import Generator
from typing import Any

import pytest

KINDS = {
    "sqlite": "on SQLite",
    "postgresql": "on PostgreSQL",
    "live": "against the real server",
    "browser": "in Chromium",
    "socketio_client": "through the Socket.IO client from npm",
}
# The fixture by which a test is known to be of a kind.
FIXTURES = {
    "browser": "browser",
    "live_server": "live",
    "make_server": "live",
    "node_client": "socketio_client",
}
AT_THE_MERCY_OF_TIME = {"live", "browser"}
_report = pytest.StashKey[dict[str, pytest.TestReport]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture in set(getattr(item, "fixturenames", ())) & set(FIXTURES):
            item.add_marker(FIXTURES[fixture])
        if any(item.get_closest_marker(kind) for kind in AT_THE_MERCY_OF_TIME):
            item.add_marker(pytest.mark.flaky(reruns=1))
        kind = database_kind_of(item)
        if kind:
            item.add_marker(kind)


def database_kind_of(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("database_kind") if callspec else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash.setdefault(_report, {})[report.when or ""] = report
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if hasattr(value, "tail"):
                report.sections.append((f"log of {name}", value.tail()))
    return report


def failed(item: pytest.Item) -> bool:
    """Whether a test has failed so far; for fixtures that keep evidence."""
    return any(report.failed for report in item.stash.get(_report, {}).values())


def _skipped_in_ci(reporter: Any) -> list[Any]:
    return reporter.getreports("skipped") if os.environ.get("CI") == "true" else []


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and _skipped_in_ci(reporter) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    passed = terminalreporter.getreports("passed")
    terminalreporter.section("what ran")
    for kind, words in KINDS.items():
        number = sum(kind in report.keywords for report in passed)
        terminalreporter.line(f"{number:6} passed {words}")
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.line(f"Needed a second try: {report.nodeid}", yellow=True)
    if _skipped_in_ci(terminalreporter):
        terminalreporter.line("In CI nothing may be skipped: this run has failed.", red=True)
