"""Who has a socket, as several processes know it through a real Redis."""

import time
from dataclasses import replace

import pytest
from redis import Redis

from lumina.services import presence, registries
from lumina.services.registries import InMemory, InRedis
from tests.support.waiting import eventually


@pytest.fixture
def processes(redis_server):
    return InRedis(redis_server.url), InRedis(redis_server.url)


def known(registry):
    registry.beat()
    return registry.online()


def test_what_one_process_has_the_others_know(processes):
    one, other = processes
    one.enter(1, "a")
    one.enter(1, "b")
    other.enter(1, "c")
    other.enter(2, "d")
    assert known(one) == known(other) == {1, 2}
    assert [one.has(person) for person in (1, 2, 3)] == [True, True, False]
    one.leave(1, "a")
    one.leave(1, "b")
    assert known(one) == {1, 2}
    other.leave(1, "c")
    assert known(one) == known(other) == {2}


def test_the_people_of_a_process_that_dies_are_gone_in_time(redis_server, processes, monkeypatch):
    monkeypatch.setattr(InRedis, "LASTS", 0.6)
    monkeypatch.setattr(InRedis, "EVERY", 0.1)
    one, dying = processes
    one.enter(1, "a")
    dying.enter(2, "b")
    assert known(one) == {1, 2}
    assert eventually(lambda: known(one) == {1})
    time.sleep(0.3)
    assert known(one) == {1}
    assert known(InRedis(redis_server.url)) == {1}


def test_without_redis_each_knows_its_own_and_afterwards_all(redis_server, processes, monkeypatch, caplog):
    monkeypatch.setattr(InRedis, "EVERY", 0.1)
    one, other = processes
    one.enter(1, "a")
    other.enter(2, "b")
    assert known(one) == {1, 2}
    redis_server.stop()
    one.beat()
    one.enter(3, "c")
    one.leave(1, "a")
    other.beat()
    assert (one.online(), other.online()) == ({2, 3}, {2})
    assert len([record for record in caplog.records if "Redis cannot" in record.message]) == 2
    redis_server.start()
    assert eventually(lambda: [known(one), known(other)] == [{2, 3}, {2, 3}])


def test_one_leads_and_who_was_away_too_long_has_lost_it(redis_server, processes):
    one, other = processes
    one.beat()
    other.beat()
    assert (one.leads(), other.leads()) == (True, False)
    Redis.from_url(redis_server.url).delete(InRedis.LOCK)  # as its time would have
    other.beat()
    one.beat()
    assert (one.leads(), other.leads()) == (False, True)


def test_it_is_chosen_by_the_setting(app, redis_server):
    config = app.config["LUMINA"]
    presence.configure(replace(config, redis_url=redis_server.url))
    assert isinstance(presence._registry, InRedis)
    presence.configure(config)
    assert isinstance(presence._registry, InMemory)
    assert registries.InMemory().beat() is None
