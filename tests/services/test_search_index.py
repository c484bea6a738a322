"""The index: what a message is found by, and what takes it out."""

from types import SimpleNamespace

import pytest
from sqlalchemy import text

from lumina.extensions import db
from lumina.models import search
from lumina.services import messages, search_index
from lumina.services.search import find
from tests.support import making


def message(**fields):
    given = {"conversation_id": 12, "sender_id": 5, "type": "text", "content": "Ebb and ebb", "position": 1}
    return SimpleNamespace(**given | fields)


@pytest.mark.parametrize(
    ("fields", "file_names", "terms"),
    [
        ({}, (), "12:ebb 12:and 12::u5"),
        ({"content": ""}, ["Tide table.PDF"], "12::u5 12::file 12:tide 12:table 12:pdf"),
        ({"content": "https://a.example"}, (), "12:https 12:a 12:example 12::u5 12::link"),
        ({"content": "", "type": "voice"}, (), "12::u5 12::voice"),
        ({"content": "Ebb", "position": 8192}, (), "12:ebb 12::u5"),
        ({"content": "Ebb", "position": 8193}, (), "12v1:ebb 12v1::u5"),
    ],
)
def test_what_a_message_is_found_by(fields, file_names, terms):
    assert search.terms(message(**fields), file_names) == terms


@pytest.mark.usefixtures("inside")
def test_file_names_are_found(api, cast):
    made = making.direct(api, cast.owner, cast.member)
    [sent] = making.say(api, cast.owner, made, "Here it is")
    row = messages.find(cast.owner.user, sent["id"]).message
    search_index.put(row, ["Tide table.pdf"])
    search_index.put(row, ["Tide table.pdf"])
    db.session.commit()
    for query, has in (("tide", None), ("", "file"), ("here pdf", "file")):
        assert [result.view.message.id for result in find(cast.member.user, query, has=has).items] == [row.id]


@pytest.mark.usefixtures("inside")
def test_what_is_dropped_is_not_found(api, cast):
    made = making.direct(api, cast.owner, cast.member)
    kept, *gone = (int(sent["id"]) for sent in making.say(api, cast.owner, made, "tide", "tide", "tide"))
    search_index.drop(gone)
    search_index.drop([])
    db.session.commit()
    assert [result.view.message.id for result in find(cast.member.user, "tide").items] == [kept]
    assert db.session.scalar(text("SELECT count(*) FROM message_terms")) == 1


@pytest.mark.usefixtures("inside")
def test_ten_thousand_different_words_are_indexed(api, cast):
    made = making.direct(api, cast.owner, cast.member)
    making.say(api, cast.owner, made, "".join(chr(0x4E00 + n) for n in range(10_000)), "\ufdfa" * 10_000)
    assert len(find(cast.owner.user, "\u4e05\u4e06").items) == 1
