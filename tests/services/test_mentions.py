"""Whom one may name, and who is named."""

import pytest

from lumina.errors import Invalid, NotFound
from lumina.extensions import db
from lumina.models import User
from lumina.services import mentions
from tests.support import making
from tests.support.queries import count_queries


@pytest.fixture
def rename(app):
    def rename(person_id, first_name, last_name):
        with app.app_context():
            db.session.get_one(User, int(person_id)).rename(first_name, last_name)
            db.session.commit()

    return rename


@pytest.fixture
def actor(inside, cast):
    return db.session.get_one(User, int(cast.owner.id))


@pytest.fixture
def group(api, app, cast, rename):
    """The owner, the member, and three more whose names are set below."""
    made = making.group(api, cast.owner, cast.member)
    ids = making.crowd(app, 3)
    making.admit(app, made, ids)
    rename(cast.owner.id, "Mara", "Ellison")
    rename(cast.member.id, "Tomasz", "Novák")
    for person_id, name in zip(
        ids, [("Zoë", "O’Neil-Smith"), ("Dr. Amara", "Osei"), ("Ann", "")], strict=True
    ):
        rename(person_id, *name)
    return made | {
        "zoe": int(ids[0]),
        "amara": int(ids[1]),
        "ann": int(ids[2]),
        "tomasz": int(cast.member.id),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ann", "Dr. Amara Osei", "Tomasz Novák", "Zoë O’Neil-Smith"]),
        (None, ["Ann", "Dr. Amara Osei", "Tomasz Novák", "Zoë O’Neil-Smith"]),
        ("tom", ["Tomasz Novák"]),
        ("NOVAK", ["Tomasz Novák"]),
        ("zoe o", ["Zoë O’Neil-Smith"]),
        ("a", ["Ann", "Dr. Amara Osei"]),
        ("mara", []),
        ("omasz", []),
        ("%", []),
        ("_", []),
    ],
)
def test_members_by_the_beginning_of_a_word(inside, actor, group, query, found):
    people = mentions.mentionable(actor, group["id"], query)
    assert [f"{person.first_name} {person.last_name}".strip() for person in people] == found


def test_at_most_eight_in_one_statement(app, inside, actor, group):
    making.admit(app, group, making.crowd(app, 20, "Many"))
    with count_queries(app, 1):
        assert len(mentions.mentionable(actor, group["id"], "many")) == 8


def test_only_members_are_told(inside, cast, group):
    outsider = db.session.get_one(User, int(cast.outsider.id))
    for conversation_id in (group["id"], "987654321", "x"):
        with pytest.raises(NotFound):
            mentions.mentionable(outsider, conversation_id, "")


def test_what_cannot_be_a_name(inside, actor, group):
    with pytest.raises(Invalid):
        mentions.mentionable(actor, group["id"], "\0")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("@Tomasz Novák, look", [("tomasz", "Tomasz Novák")]),
        ("(@tomasz novak)", [("tomasz", "tomasz novak")]),
        ("Ask @Zoe O’Neil-Smith’s sister", [("zoe", "Zoe O’Neil-Smith")]),
        ("@Dr. Amara Osei. @Ann!", [("amara", "Dr. Amara Osei"), ("ann", "Ann")]),
        ("@Ann Tomasz Novák", [("ann", "Ann")]),
        ("@Tomasz", []),
        ("@Tomasz\nNovák", []),
        ("me@Ann", []),
        ("@ Ann", []),
        ("@@Ann", [("ann", "Ann")]),
        ("@Ann and @Ann", [("ann", "Ann")]),
        ("@Somebody Else", []),
        ("@" + "a" * 5_000, []),
        ("@", []),
    ],
)
def test_who_is_named(inside, group, content, named):
    expected = [(group[who], written) for who, written in named]
    assert mentions.named_in(int(group["id"]), content) == expected


def test_strangers_are_not_named(app, inside, group, rename):
    rename(making.crowd(app, 1, "Stranger")[0], "Ada", "Byron")
    assert mentions.named_in(int(group["id"]), "@Ada Byron") == []


def test_two_of_one_name_are_both_meant(app, inside, group, rename):
    [other] = making.crowd(app, 1, "Double")
    making.admit(app, group, [other])
    rename(other, "Ann", "")
    assert mentions.named_in(int(group["id"]), "@Ann") == [(group["ann"], "Ann"), (int(other), "Ann")]


def test_one_statement_at_most(app, inside, group):
    with count_queries(app, 0):
        mentions.named_in(int(group["id"]), "Nobody, nor me@here.example")
    with count_queries(app, 1):
        found = mentions.named_in(int(group["id"]), "@No " * mentions.MOST + "@Ann")
    assert found == []
