"""`flask sweep`: everything that is due, now, and what it did."""

import pytest

from lumina import clock
from lumina.services import sweep
from lumina.services.sweep import Job


@pytest.fixture
def run(app):
    return lambda: app.test_cli_runner().invoke(args=["sweep"])


@pytest.fixture
def due(monkeypatch):
    """Puts jobs in the place of all others: due(expiry=[1, 2]); what is None cannot be carried out."""

    def enlist(**jobs):
        monkeypatch.setattr(sweep, "jobs", [_job(name, left) for name, left in jobs.items()])

    return enlist


def _job(name, left):
    def carry_out(key):
        if key is None:
            raise RuntimeError("out of reach")
        left.remove(key)
        return True

    return Job(name, lambda now, most: [(key, clock.real_now()) for key in left], carry_out)


def test_it_tells_what_it_did(run, due):
    due(expiry=[1, 2, 3], purge=[], reminders=[4])
    result = run()
    assert (result.exit_code, result.output) == (0, "expiry: 3 done\nreminders: 1 done\n")


def test_with_nothing_due_it_says_so(run):
    result = run()
    assert (result.exit_code, result.output) == (0, "Nothing is due.\n")


def test_where_something_failed_it_fails(run, due):
    due(expiry=[1, None], purge=[None])
    result = run()
    assert result.exit_code == 1
    assert result.output.endswith("expiry: 1 done\nError: expiry: 1 failed; purge: 1 failed\n")
