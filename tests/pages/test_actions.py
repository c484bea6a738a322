"""What can be done with a message, by our own code and by plain forms."""

import re

import pytest

from tests.pages.conftest import FETCH
from tests.support import making

TEXT = re.compile(r"data-content>(.*?)</div>", re.DOTALL)


@pytest.fixture
def said(api, cast, direct):
    [message] = making.say(api, cast.owner, direct, "At **nine**")
    return message


@pytest.fixture
def here(direct, said):
    return f"/conversations/{direct['id']}/messages/{said['id']}"


@pytest.fixture
def fetch(client, owner, page):
    """Posts as our own code does."""
    token = re.search(r'name="csrf-token" content="([^"]+)"', page("/settings"))[1]

    def post(path, **form):
        return client.post(path, data=form, headers={**FETCH, "X-CSRFToken": token})

    return post


def bubble(answer):
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200, html
    return html


def test_editing(fetch, page, owner, here):
    html = bubble(fetch(f"{here}/edit", content="At *ten*,\r\nsharp"))
    assert "<em>ten</em>" in html
    assert "data-edited" in html
    assert page(f"{here}/source", headers=FETCH) == '{"content":"At *ten*,\\nsharp"}\n'
    history = page(f"{here}/edits", headers=FETCH)
    assert history.index("<strong>nine</strong>") < history.index("Now") < history.index("<em>ten</em>")


def test_an_edit_that_is_refused(fetch, app, cast, member, here):
    assert fetch(f"{here}/edit", content=" ").get_json()["errors"][0]["field"] == "content"
    assert "Only its sender" in member.post(f"{here}/edit", status=403, content="Mine").get_data(as_text=True)


def test_deleting_for_everyone_and_thinking_again(fetch, here):
    html = bubble(fetch(f"{here}/delete", scope="everyone"))
    assert "Message deleted" in html
    assert "data-restorable-until" in html
    assert "<strong>nine</strong>" in bubble(fetch(f"{here}/restore"))


def test_deleting_for_oneself(fetch, page, api, cast, direct, here):
    assert fetch(f"{here}/delete", scope="me").status_code == 204
    assert "nine" not in page(f"/conversations/{direct['id']}")
    assert len(api.as_(cast.member).get(f"{making.CONVERSATIONS}/{direct['id']}")["messages"]) == 1


def test_a_scope_that_is_none(fetch, here):
    answer = fetch(f"{here}/delete", scope="some")
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (400, "scope")


def test_pinning(fetch, page, direct, here, said):
    assert "data-pinned" in bubble(fetch(f"{here}/pin", pinned="1"))
    pins = page(f"/conversations/{direct['id']}/pins", headers=FETCH)
    assert f'data-pin="{said["id"]}"' in pins
    assert "At nine" in pins
    assert f'data-pin="{said["id"]}"' in page(f"/conversations/{direct['id']}")
    assert "data-pinned" not in bubble(fetch(f"{here}/pin", pinned="0"))
    assert page(f"/conversations/{direct['id']}/pins", headers=FETCH).strip() == ""


def test_forwarding(fetch, api, cast, group, here):
    assert fetch(f"{here}/forward", conversation_id=[group["id"]]).status_code == 204
    [message] = api.as_(cast.member).get(f"{making.CONVERSATIONS}/{group['id']}")["messages"][-1:]
    assert (message["content"], message["forwarded"]) == ("At **nine**", True)
    assert fetch(f"{here}/forward").status_code == 400


def test_plain_forms_lead_back(owner, direct, group, here):
    for path, form in [("edit", {"content": "At ten"}), ("delete", {}), ("restore", {}), ("pin", {})]:
        assert owner.post(f"{here}/{path}", **form).headers["Location"] == here
    forwarded = owner.post(f"{here}/forward", conversation_id=group["id"])
    assert forwarded.headers["Location"] == f"/conversations/{group['id']}"
    assert owner.post(f"{here}/delete", scope="me").headers["Location"] == f"/conversations/{direct['id']}"


def test_parts_without_a_page_of_their_own_lead_to_one(client, owner, direct, here):
    assert client.get(f"{here}/edits").headers["Location"] == here
    assert (
        client.get(f"/conversations/{direct['id']}/pins").headers["Location"]
        == f"/conversations/{direct['id']}"
    )
    assert client.get("/conversations/forward").headers["Location"] == "/conversations"


def test_where_a_message_can_go(page, owner, direct, group):
    every = page("/conversations/forward", headers=FETCH)
    assert {direct["id"], group["id"]} == set(re.findall(r'name="conversation_id" value="(\d+)"', every))
    found = page(f"/conversations/forward?query=harbour&conversation_id={direct['id']}", headers=FETCH)
    assert re.findall(r'value="(\d+)"[^>]*?( checked)?>', found) == [
        (direct["id"], " checked"),
        (group["id"], ""),
    ]
    assert "Nothing found" in page("/conversations/forward?query=xyzzy", headers=FETCH)


def test_replying(fetch, direct, said):
    answer = fetch(f"/conversations/{direct['id']}/messages", content="Fine", reply_to=said["id"])
    assert answer.status_code == 201
    assert f'data-quote="{said["id"]}"' in answer.get_data(as_text=True)


def test_a_message_that_disappears(fetch, direct):
    answer = fetch(f"/conversations/{direct['id']}/messages", content="Psst", expires_in="60")
    assert answer.status_code == 201
    assert "data-expires-at" in answer.get_data(as_text=True)


@pytest.mark.parametrize("seconds", ["0", "-1", "soon", "1.5", "٣", "31536001", "9" * 30])
def test_a_time_that_is_none(fetch, direct, seconds):
    answer = fetch(f"/conversations/{direct['id']}/messages", content="Psst", expires_in=seconds)
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (400, "expires_in")


def test_changes_name_what_one_has_hidden(fetch, page, direct, here, said):
    fetch(f"{here}/delete", scope="me")
    changes = page(f"/conversations/{direct['id']}/messages?since=0", headers=FETCH)
    assert f'data-hidden="{said["id"]}"' in changes
