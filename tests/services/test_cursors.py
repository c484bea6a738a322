"""Cursors: what was handed out comes back whole, what was not is refused."""

import base64
import json

import pytest

from lumina.errors import Invalid
from lumina.services import cursors
from tests.support import making
from tests.support.making import CONVERSATIONS


def forged(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize("values", [("zoë müller", 7), ("", 0), ("a" * 500, 2**63 - 1)])
def test_what_was_handed_out_comes_back(values):
    cursor = cursors.encode(*values)
    assert cursor.isascii()
    assert "=" not in cursor
    assert cursors.decode(cursor, str, cursors.number) == values


BROKEN = [
    "",
    "x",
    "====",
    "ä",
    "\ud800",
    "bnVsbA",
    "e30",
    "WzFd" * 200,
    "\x00",
    base64.b64encode(b"[" * 700).decode(),
]
NAMES = [
    forged("a"),
    forged("a", "b"),
    forged("a", 1, 2),
    forged("a", 2**63),
    forged("a", -(2**70)),
    forged("a", 1.5),
]
MOMENTS = [
    forged(value, 1)
    for value in ("", "now", "2026-11-22", "2026-11-22T09:30:00", "0001-01-01T00:00:00+23:00", 7, None)
] + [forged("9999-12-31T23:59:59-23:00", 1), forged("2026-11-22T09:30:00+00:00", 2**64), forged("\x00", 1)]


@pytest.mark.parametrize("cursor", BROKEN + NAMES)
def test_a_forged_one_of_names_is_refused(cursor):
    with pytest.raises(Invalid) as refused:
        cursors.decode(cursor, str, cursors.number)
    assert refused.value.errors[0]["field"] == "cursor"


@pytest.mark.parametrize("cursor", BROKEN + MOMENTS)
def test_a_forged_one_of_moments_is_refused(cursor):
    with pytest.raises(Invalid):
        cursors.decode(cursor, cursors.moment, cursors.number)


def test_no_list_breaks_on_a_forged_one(api, cast):
    made = making.group(api, cast.owner, cast.member)
    lists = [
        ("/api/users", NAMES),
        (CONVERSATIONS, MOMENTS),
        (f"{CONVERSATIONS}/{made['id']}/members", MOMENTS),
    ]
    for path, cursors_of_list in lists:
        for cursor in [*cursors_of_list, *(text for text in BROKEN if text and text.isascii())]:
            refused = api.as_(cast.owner).get(path, cursor=cursor, status=400)
            assert refused["errors"][0]["field"] == "cursor"


def test_one_of_another_place_is_merely_a_place(api, cast):
    far = forged("1970-01-01T00:00:00+00:00", 1)
    making.group(api, cast.owner, cast.member)
    assert api.as_(cast.owner).get(CONVERSATIONS, cursor=far) == {"conversations": [], "nextCursor": None}
