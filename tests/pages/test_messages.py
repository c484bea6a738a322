"""Sending by the composer's form, and the parts of the history that are fetched."""

import re

import pytest

from tests.pages.conftest import FETCH
from tests.support import making

BUBBLE = re.compile(r'id="message-(\d+)"')


@pytest.fixture
def here(direct):
    return f"/conversations/{direct['id']}/messages"


@pytest.fixture
def fetch(client, owner, page):
    """Posts as our own code does."""
    token = re.search(r'name="csrf-token" content="([^"]+)"', page("/settings"))[1]

    def post(path, **form):
        return client.post(path, data=form, headers={**FETCH, "X-CSRFToken": token})

    return post


def test_a_form_leads_back_to_the_conversation(owner, page, direct, here):
    answer = owner.post(here, content="Hello,\r\nTomasz", client_message_id="a")
    assert re.fullmatch(rf"/conversations/{direct['id']}#message-\d+", answer.headers["Location"])
    assert "Hello,\nTomasz" in page(answer.headers["Location"])


def test_line_breaks_are_kept_as_typed(owner, api, cast, direct, here):
    owner.post(here, content="Hello,\r\nTomasz")
    found = api.as_(cast.member).get(f"{making.CONVERSATIONS}/{direct['id']}")
    assert [message["content"] for message in found["messages"]] == ["Hello,\nTomasz"]


def test_our_own_code_gets_the_bubble(fetch, here):
    answer = fetch(here, content="<b>Hello</b>", client_message_id="a")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 201
    assert len(BUBBLE.findall(html)) == 1
    assert 'data-client-message-id="a"' in html
    assert "&lt;b&gt;Hello&lt;/b&gt;" in html
    again = fetch(here, content="<b>Hello</b>", client_message_id="a")
    assert BUBBLE.findall(again.get_data(as_text=True)) == BUBBLE.findall(html)


@pytest.mark.parametrize("content", ["", "  \n ", "x" * 10_001, "\x00"])
def test_a_refusal(fetch, owner, here, content):
    answer = fetch(here, content=content)
    assert answer.status_code == 400
    failure = answer.get_json()
    assert (failure["success"], failure["errors"][0]["field"]) == (False, "content")
    page = owner.post(here, status=400, content=content).get_data(as_text=True)
    assert 'role="alert"' in page


def test_a_refused_form_keeps_what_was_typed(owner, here):
    page = owner.post(here, status=400, content="<i>" + "x" * 10_000).get_data(as_text=True)
    assert "&lt;i&gt;xxx" in page


def test_history(page, owner, app, cast, direct, here):
    ids = making.talk(app, direct, cast.member, 70)
    before = page(f"{here}?before={ids[60]}", headers=FETCH)
    assert BUBBLE.findall(before) == ids[10:60]
    assert '<ol data-has-more="true" data-version="70">' in before
    first = page(f"{here}?before={ids[10]}", headers=FETCH)
    assert BUBBLE.findall(first) == ids[:10]
    assert 'data-has-more="false"' in first
    assert BUBBLE.findall(page(f"{here}?after={ids[60]}", headers=FETCH)) == ids[61:]
    assert BUBBLE.findall(page(here, headers=FETCH)) == ids[20:]


def test_changes(page, owner, app, cast, direct, here):
    ids = making.talk(app, direct, cast.member, 60)
    changes = page(f"{here}?since=5", headers=FETCH)
    assert BUBBLE.findall(changes) == ids[5:55]
    assert 'data-has-more="true"' in changes
    assert BUBBLE.findall(page(f"{here}?since=60", headers=FETCH)) == []


@pytest.mark.parametrize("since", ["x", "-1", "1.5", "", "٣", "1" * 19])
def test_a_version_that_is_none(client, owner, here, since):
    answer = client.get(here, query_string={"since": since}, headers=FETCH)
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (400, "since")


def test_an_address_without_a_page_of_its_own_leads_to_one(client, owner, direct, here):
    assert client.get(here).headers["Location"] == f"/conversations/{direct['id']}"
