"""Acts between processes, over a real Redis: once, in one order, and whoever may have missed something is told."""

import threading
import time

import orjson
import pytest
import redis as redis_client

from lumina.outlets import bus, hub, lookers
from lumina.outlets.bus import Bus
from tests.support.waiting import eventually


@pytest.fixture
def done(monkeypatch):
    """What was done."""
    acts = []
    monkeypatch.setattr(hub, "perform", lambda act, arguments: acts.append((act, arguments)))
    return acts


@pytest.fixture
def one(redis_server, done, monkeypatch):
    """A bus that runs; hub.perform is what it was made with."""
    monkeypatch.setattr(
        bus.socketio, "start_background_task", lambda work: threading.Thread(target=work, daemon=True).start()
    )
    monkeypatch.setattr(bus, "REST", 0.05)
    monkeypatch.setattr(bus, "BLOCK", 0.1)
    made = Bus(redis_server.url)
    made.start()
    assert eventually(lambda: ("say_who_looks", {}) in done)
    done.clear()
    yield made
    made.stop()


def names(done):
    return [act for act, _ in done]


def test_what_is_published_is_done_once_and_in_order(one, done):
    for number in range(200):
        one.publish("look", {"conversation_id": None, "user_id": number, "is_looking": True})
    assert eventually(lambda: len(done) == 200)
    assert [arguments["user_id"] for _, arguments in done] == list(range(200))


def tell(redis_server, number, *acts, sender="another"):
    batch = orjson.dumps({"from": sender, "number": number, "acts": [[act, {}] for act in acts]})
    redis_client.Redis.from_url(redis_server.url).xadd(bus.STREAM, {"batch": batch})


def test_what_is_told_twice_is_done_once(one, done, redis_server):
    tell(redis_server, 1, "first")
    tell(redis_server, 1, "first")
    tell(redis_server, 2, "second")
    assert eventually(lambda: "second" in names(done))
    assert names(done) == ["first", "second"]


def test_a_number_that_is_missing_brings_the_clients_back(one, done, redis_server):
    tell(redis_server, 1, "first")
    tell(redis_server, 3, "third")
    assert eventually(lambda: "third" in names(done))
    assert names(done) == ["first", "part_all", "third"]


def test_what_comes_close_together_is_read_together(one, done, redis_server, monkeypatch):
    reads, read = [], one._stream.read
    monkeypatch.setattr(one._stream, "read", lambda place: reads.append(read(place)) or reads[-1])
    monkeypatch.setattr(bus, "GATHER", 0.05)
    began = time.monotonic()
    for number in range(1, 41):
        tell(redis_server, number, str(number))
    assert eventually(lambda: len(done) == 40)
    assert len(reads) <= (time.monotonic() - began) / bus.GATHER + 2


def test_nonsense_on_the_stream_holds_nothing_up(one, done, redis_server, caplog):
    redis_client.Redis.from_url(redis_server.url).xadd(bus.STREAM, {"batch": b"no JSON"})
    tell(redis_server, 1, "after it")
    assert eventually(lambda: "after it" in names(done))
    assert "could not be done" in caplog.text


def test_what_waits_while_redis_is_away_is_told_when_it_is_back(one, done, redis_server):
    redis_server.stop()
    one.publish("emit", {"payload": {}, "to": "x"})
    assert not eventually(lambda: done, 0.3)
    redis_server.start()
    assert eventually(lambda: "emit" in names(done))
    assert "part_all" not in names(done)


@pytest.fixture(params=[("WORTH", 0.1), ("MOST_WAITING", 3)], ids=["too old", "too many"])
def impatient(request, monkeypatch):
    monkeypatch.setattr(bus, *request.param)


def test_what_is_not_worth_telling_any_more_brings_the_clients_back(redis_server, impatient, one, done):
    redis_server.stop()
    for _ in range(4):
        one.publish("emit", {"payload": {}, "to": "x"})
        time.sleep(0.01)
    eventually(lambda: False, 0.3)
    redis_server.start()
    one.publish("afterwards", {})
    assert eventually(lambda: "part_all" in names(done))


def test_whoever_comes_while_redis_is_away_comes_back_when_it_is_there(redis_server, done, monkeypatch):
    monkeypatch.setattr(
        bus.socketio, "start_background_task", lambda work: threading.Thread(target=work, daemon=True).start()
    )
    monkeypatch.setattr(bus, "REST", 0.05)
    redis_server.stop()
    late = Bus(redis_server.url)
    late.start()
    redis_server.start()
    assert eventually(lambda: "part_all" in names(done))
    late.stop()


def test_who_looks_elsewhere_is_forgotten_with_the_process(one, done, redis_server, monkeypatch):
    tell(redis_server, 1, "first", sender="a process that dies")
    lookers.note("a process that dies", 5, 7, True)
    assert eventually(lambda: "first" in names(done))
    assert lookers.of(5) == {7}
    monkeypatch.setattr(bus, "BEAT", 0.1)
    assert eventually(lambda: lookers.of(5) == set())
