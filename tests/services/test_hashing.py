"""Hashes of passwords."""

from dataclasses import replace

import pytest

from lumina.services import hashing


@pytest.mark.parametrize("password", ["12345678", "correct horse battery", "pässwörd🎈", " spaces stay "])
def test_the_right_password_and_no_other_matches(config, password):
    hashing.configure(config)
    stored = hashing.hashed(password)
    assert stored.startswith("$argon2id$")
    assert hashing.matches(password, stored)
    for wrong in ("", password.strip() + "x", password.upper() + "X", "\ud800", "x" * 5000):
        assert not hashing.matches(wrong, stored)


def test_a_hash_costs_what_it_shall(config):
    hashing.configure(replace(config, argon2_time_cost=3, argon2_memory_kib=65_536))
    stored = hashing.hashed("correct horse battery")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,")
    hashing.configure(config)
    assert hashing.matches("correct horse battery", stored), "its cost is its own"


def test_nobody_has_no_password(config):
    hashing.configure(config)
    assert not hashing.matches("", None)
    assert not hashing.matches("anything", "not a hash")
