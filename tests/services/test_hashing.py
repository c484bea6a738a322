"""Hashes of passwords."""

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


def test_nobody_has_no_password(config):
    hashing.configure(config)
    assert not hashing.matches("", None)
    assert not hashing.matches("anything", "not a hash")
