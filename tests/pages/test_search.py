"""The search page: with its form, and what it finds alone."""

import re
from datetime import timedelta

import pytest

from lumina import clock
from lumina.extensions import db
from lumina.models import Message
from tests.pages.conftest import FETCH, HTMX
from tests.support import making
from tests.support.queries import count_queries

FOUND = re.compile(r'href="/conversations/(\d+)/messages/(\d+)"')


@pytest.fixture
def found(page, owner):
    """The ids of the messages that a search finds."""
    return lambda query: [message for _, message in FOUND.findall(page(f"/search?{query}"))]


def test_nothing_is_asked_yet(page, owner):
    html = page("/search")
    assert "Find anything that was said" in html
    assert 'name="query"' in html
    assert "Find anything" in page("/search?query=+&has=pigeon&after=2026-01-01", headers=HTMX)


def test_what_is_found_is_marked_and_leads_to_its_place(page, owner, api, cast, direct):
    [sent] = making.say(api, cast.member, direct, "<b>The 🎈 tide</b> & so on")
    html = page("/search?query=tid")
    assert FOUND.findall(html) == [(direct["id"], sent["id"])]
    assert "&lt;b&gt;The 🎈 <mark>tid</mark>e&lt;/b&gt; &amp; so on" in html
    assert "Tomasz Novak" in html


def test_results_of_one_conversation_stand_together(page, owner, api, cast, direct, group):
    making.say(api, cast.owner, direct, "tide 1", "tide 2")
    making.say(api, cast.member, group, "tide 3")
    making.say(api, cast.owner, direct, "tide 4")
    html = page("/search?query=tide")
    assert html.count('class="card found"') == 3
    assert html.count("Harbour review") >= 1
    assert len(FOUND.findall(html)) == 4


def test_the_results_alone_and_more_of_them(page, owner, api, cast, direct):
    sent = making.say(api, cast.owner, direct, *(f"tide {number}" for number in range(25)))
    html = page("/search?query=tide&has=", headers=HTMX)
    assert "<form" not in html
    [more] = re.findall(r'hx-get="(/search[^"]+)"', html)
    rest = page(more.replace("&amp;", "&"), headers=HTMX)
    ids = [message for _, message in FOUND.findall(html) + FOUND.findall(rest)]
    assert ids == [message["id"] for message in reversed(sent)]
    assert "hx-get" not in rest


def test_filters(page, owner, found, api, cast, direct, group):
    [mine] = making.say(api, cast.owner, direct, "tide https://tide.example")
    [theirs] = making.say(api, cast.member, group, "tide")
    assert found(f"query=tide&conversation={direct['id']}") == [mine["id"]]
    assert found(f"from={cast.member.id}") == [theirs["id"]]
    assert found("has=link") == [mine["id"]]
    html = page(f"/search?query=tide&conversation={direct['id']}&from={cast.member.id}")
    assert "In Tomasz Novak" in html
    assert "Nothing found" in html
    assert f'value="{cast.member.id}" selected' in html


def test_days_are_those_of_the_browser(app, found, owner, api, cast, direct):
    sent = making.say(api, cast.owner, direct, "tide a", "tide b")
    noon = clock.real_now().replace(hour=12, minute=0)
    with app.app_context():
        for days, message in zip((1, 0), sent, strict=True):
            db.session.get(Message, int(message["id"])).created_at = noon - timedelta(days=days)
        db.session.commit()
    before, today = ((noon - timedelta(days=days)).date().isoformat() for days in (1, 0))
    earlier, later = [message["id"] for message in sent]
    assert found(f"query=tide&after={today}") == [later]
    assert found(f"query=tide&before={before}") == [earlier]
    assert found(f"query=tide&after={before}&before={today}&zone=nonsense") == [later, earlier]
    # At noon in London it is the next day already on Kiritimati.
    assert found(f"query=tide&before={before}&zone=Pacific/Kiritimati") == []
    assert found(f"query=tide&after=nonsense&before=9999-12-31&zone=../{'x' * 500}") == [later, earlier]


def test_an_outsider_finds_nothing(client, owner, member, api, cast, direct):
    group = making.group(api, cast.owner, cast.outsider)
    making.say(api, cast.owner, group, "tide")
    assert "Nothing found" in member.client.get("/search?query=tide").get_data(as_text=True)
    for query in (
        f"conversation={group['id']}",
        f"query=x&conversation={group['id']}",
        "query=x&from=nonsense",
    ):
        for headers in ({}, HTMX, FETCH):
            answer = member.client.get(f"/search?{query}", headers=headers)
            assert answer.status_code == (404 if "query" in query or not headers else 200)
            assert "tide" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("query", ["query=" + "x" * 201, "query=%00", "query=x&cursor=nonsense"])
def test_what_cannot_be_asked(page, owner, query):
    page(f"/search?{query}", status=400)


def test_the_list_leads_to_the_messages(page, owner, direct):
    assert 'href="/search?query=a%22%26b"' in page("/conversations?query=a%22%26b")
    assert "/search?query" not in page("/conversations")
    assert f'href="/search?conversation={direct["id"]}"' in page(f"/conversations/{direct['id']}")


def test_it_costs_the_same_for_little_and_much(app, page, owner, api, cast, direct, monkeypatch):
    monkeypatch.setattr(clock, "_offset", timedelta)
    for _ in range(2):
        making.say(api, cast.owner, direct, *["tide"] * 3)
        making.say(api, cast.owner, making.group(api, cast.owner, cast.member), "tide")
        with count_queries(app, 8):
            page("/search?query=tide", headers=HTMX)
        with count_queries(app, 12):
            page("/search?query=tide")
