"""Limits of rate: counted by rule and key, lifted as a whole, forgotten one by one."""

import pytest
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from lumina.errors import TooMany
from lumina.extensions import limiter
from lumina.services import limits

pytestmark = pytest.mark.usefixtures("rate_limits")


def spend(times, *keys):
    for _ in range(times):
        limits.spend("priority_label", *keys)


def test_after_so_many_one_has_to_wait():
    spend(5, "1")
    with pytest.raises(TooMany) as refused:
        spend(1, "1")
    assert 3590 <= refused.value.retry_after <= 3600
    assert (refused.value.status, refused.value.code) == (429, "too_many_requests")


def test_everybody_is_counted_apart():
    spend(5, "1")
    spend(5, "2")
    spend(5, "1", "2")
    limits.spend("password", "1")


def test_what_is_forgotten_begins_anew():
    spend(5, "1")
    spend(5, "2")
    limits.forget("priority_label", "1")
    spend(5, "1")
    with pytest.raises(TooMany):
        spend(1, "2")


def test_all_may_be_lifted(monkeypatch):
    monkeypatch.setattr(limiter, "enabled", False)
    spend(50, "1")


def test_without_redis_they_are_counted_in_memory(monkeypatch):
    nobody_listens = storage_from_string("redis://127.0.0.1:1", wrap_exceptions=True)
    monkeypatch.setattr(limiter, "strategy", MovingWindowRateLimiter(nobody_listens))
    limiter.spare.storage.reset()
    spend(5, "1")
    with pytest.raises(TooMany):
        spend(1, "1")
    limits.forget("priority_label", "1")
    spend(1, "1")
