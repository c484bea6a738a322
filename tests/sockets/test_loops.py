"""What the server does by itself: at once, again and again, whatever fails, until it is told to stop."""

import pytest
from flask import current_app

from lumina.sockets.loops import Loops
from tests.support.waiting import eventually


@pytest.fixture
def loops(app):
    made = Loops(app)
    yield made
    made.stop()
    made.join()


def test_a_round_is_done_again_and_again_within_the_app(app, loops):
    seen = []

    def round_():
        seen.append(current_app._get_current_object())
        yield

    loops.run(round_, every=0.01)
    assert eventually(lambda: len(seen) > 3)
    assert set(seen) == {app}


def test_one_that_fails_is_not_the_last(loops, caplog):
    rounds = []

    def round_():
        rounds.append(1)
        yield
        raise RuntimeError("no power")

    loops.run(round_, every=0.01)
    assert eventually(lambda: len(rounds) > 3)
    assert "a round in the background failed" in caplog.text


def test_it_ends_at_the_next_pause(loops):
    steps = []

    def endless():
        while True:
            yield steps.append(1)

    loops.run(endless, every=60)
    assert eventually(lambda: len(steps) > 3)
    loops.stop()
    loops.join()
    count = len(steps)
    loops.run(endless, every=60)
    loops.join()
    assert len(steps) == count


def test_what_waits_is_done_beside(loops):
    done = []
    loops.beside(lambda: done.append(current_app.name))
    assert eventually(lambda: done) == ["lumina"]
