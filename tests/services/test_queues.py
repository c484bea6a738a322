"""Waiting in line within the process."""

import threading
import time

import pytest

from lumina.services.queues import Queues


def test_one_key_is_held_by_one_at_a_time():
    queues, inside, most = Queues(), [], []

    def work():
        with queues.turn("a"):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.005)
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 6
    assert queues._locks == {}


def test_another_key_does_not_wait():
    queues = Queues()
    with queues.turn("a"), queues.turn("b"):
        assert set(queues._locks) == {"a", "b"}


def test_a_failure_passes_the_turn_on():
    queues = Queues()
    with pytest.raises(RuntimeError), queues.turn("a"):
        raise RuntimeError
    with queues.turn("a"):
        pass
    assert queues._locks == {}
