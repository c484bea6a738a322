"""Column types and keys that mean the same on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from lumina.extensions import db
from lumina.models import PasswordReset, User
from lumina.models.conversations import direct_key, other_in
from lumina.models.types import folded
from lumina.models.users import email_key

NOON = datetime(2026, 11, 22, 12, 0, 0, 123000, tzinfo=UTC)


def reset(person, **fields):
    values = {"token_hash": "x", "created_at": NOON, "expires_at": NOON, "user_id": int(person.id), **fields}
    db.session.add(PasswordReset(**values))
    db.session.commit()
    db.session.expunge_all()
    return db.session.scalar(select(PasswordReset))


@pytest.mark.parametrize(
    "zone", [UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-11))]
)
def test_a_time_comes_back_in_utc_with_its_milliseconds(app, cast, zone):
    with app.app_context():
        kept = reset(cast.owner, created_at=NOON.astimezone(zone))
        assert kept.created_at == NOON
        assert kept.created_at.tzinfo is UTC
        assert kept.used_at is None
        assert db.session.scalar(
            select(PasswordReset.id).where(PasswordReset.created_at == NOON.astimezone(zone))
        )


def test_a_time_without_a_zone_is_refused(app, cast):
    with app.app_context(), pytest.raises(StatementError, match="without a zone"):
        reset(cast.owner, created_at=NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Zoë", "zoe"),
        ("Zoe\u0308", "zoe"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("  Ann   Lee\n", "ann lee"),
        ("Ǆ", "dz"),
        ("Łukasz", "łukasz"),
        ("ＡＢ", "ab"),
        ("陈 予情", "陈 予情"),
        ("\u0301", ""),
        ("", ""),
    ],
)
def test_folding_forgets_case_and_accents(text, key):
    assert folded(text) == folded(folded(text)) == key


def test_a_name_and_its_key_change_together():
    user = User()
    user.rename("Zoë", "Müller")
    assert (user.name, user.name_key) == ("Zoë Müller", "zoe muller")


@pytest.mark.parametrize("email", ["Mara@Example.ORG", " mara@example.org\n", "MARA@EXAMPLE.ORG"])
def test_an_address_has_one_key(email):
    assert email_key(email) == "mara@example.org"


def test_a_pair_has_one_key_from_which_each_finds_the_other():
    key = direct_key(12, 7)
    assert key == direct_key(7, 12) == "7:12"
    assert (other_in(key, 7), other_in(key, 12), other_in(None, 7)) == (12, 7, None)
