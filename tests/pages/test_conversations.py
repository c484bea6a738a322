"""The list, an open conversation and a new one, as pages and as the parts that are swapped in."""

import re

import pytest

from tests.pages.conftest import FETCH, HTMX
from tests.support import making, paying

ROW = re.compile(r'id="row-(\d+)"')
BUBBLE = re.compile(r'id="message-(\d+)"')


def is_whole(html):
    return html.lstrip().lower().startswith("<!doctype html>")


def test_the_inbox(page, owner, direct, group):
    html = page("/conversations")
    assert is_whole(html)
    assert set(ROW.findall(html)) == {direct["id"], group["id"]}
    assert "No conversation is open" in html


def test_its_rows_alone(page, owner, direct):
    swapped = page("/conversations", headers=HTMX)
    assert not is_whole(swapped)
    assert ROW.findall(swapped) == [direct["id"]]
    assert "hx-swap-oob" in swapped
    assert 'id="tab-' not in page("/conversations", headers=FETCH)


def test_a_restored_page_is_whole(page, owner):
    assert is_whole(page("/conversations", headers={**HTMX, "HX-Request-Type": "full"}))


def test_tabs_and_search(page, owner, api, cast, direct, group):
    making.say(api, cast.member, direct, "Unread")
    assert ROW.findall(page("/conversations?filter=groups")) == [group["id"]]
    assert ROW.findall(page("/conversations?filter=unread")) == [direct["id"]]
    assert ROW.findall(page("/conversations?query=harbour")) == [group["id"]]
    assert ROW.findall(page("/conversations?filter=nonsense")) == [direct["id"], group["id"]]
    assert "Nothing found" in page("/conversations?query=xyzzy")
    assert 'value="&lt;xyzzy&gt;"' in page("/conversations?query=%3Cxyzzy%3E")
    assert "The archive is empty" in page("/conversations?filter=archived")


def test_further_rows(page, owner, app, cast):
    making.many(app, cast.owner, cast.member, 60)
    html, seen = page("/conversations"), []
    seen += ROW.findall(html)
    more = re.search(r'hx-get="(/conversations\?[^"]*cursor=[^"]+)"', html)[1].replace("&amp;", "&")
    rest = page(more, headers=HTMX)
    assert 'id="tab-' not in rest
    seen += ROW.findall(rest)
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize("query", ["cursor=nonsense", "cursor=%00"])
def test_a_cursor_that_is_none(page, owner, query):
    assert "did not work" in page(f"/conversations?{query}", status=400)


def test_an_open_conversation(page, owner, api, cast, direct):
    [message] = making.say(api, cast.member, direct, "Good\nmorning")
    for path in (f"/conversations/{direct['id']}", f"/conversations/{direct['id']}/messages/{message['id']}"):
        html = page(path)
        assert is_whole(html)
        assert "<title>Tomasz Novak · Lumina</title>" in html
        assert BUBBLE.findall(html)[0] == message["id"]
        part = page(path, headers=HTMX)
        assert not is_whole(part)
        assert "<conversation-list>" not in part
        assert BUBBLE.findall(part)[0] == message["id"]


def test_pages_of_the_history(page, owner, app, cast, direct):
    ids = making.talk(app, direct, cast.member, 120)
    here = f"/conversations/{direct['id']}"
    making_read = owner.post(f"{here}/read", message_id=ids[-1])
    assert making_read.headers["Location"] == here
    assert BUBBLE.findall(page(here)) == ids[70:]
    assert BUBBLE.findall(page(f"{here}?before={ids[70]}")) == ids[20:70]
    assert BUBBLE.findall(page(f"{here}?after={ids[19]}")) == ids[20:70]
    around = BUBBLE.findall(page(f"{here}/messages/{ids[60]}"))
    assert ids[60] in around
    assert around == ids[ids.index(around[0]) : ids.index(around[-1]) + 1]


def test_much_unread_opens_where_one_stopped(page, owner, app, cast, direct):
    ids = making.talk(app, direct, cast.member, 120)
    html = page(f"/conversations/{direct['id']}")
    assert f'data-first-unread="{ids[0]}"' in html
    assert BUBBLE.findall(html)[0] == ids[0]
    assert 'data-has-newer="true"' in html


def test_a_row(page, owner, api, cast, direct):
    making.say(api, cast.member, direct, "Good morning")
    row = page(f"/conversations/{direct['id']}/row", headers=FETCH)
    assert ROW.findall(row) == [direct["id"]]
    assert 'data-unread="1"' in row
    assert not is_whole(row)


def test_read_and_archive(client, page, owner, api, cast, direct):
    [message] = making.say(api, cast.member, direct, "Good morning")
    here = f"/conversations/{direct['id']}"
    token = re.search(r'name="csrf-token" content="([^"]+)"', page("/settings"))[1]
    headers = {**FETCH, "X-CSRFToken": token}
    assert client.post(f"{here}/read", data={"message_id": message["id"]}, headers=headers).status_code == 204
    assert 'data-unread="0"' in page(f"{here}/row")
    assert client.post(f"{here}/read", data={"message_id": "x"}, headers=headers).status_code in (400, 404)
    assert client.post(f"{here}/archive", headers=headers).status_code == 204
    assert ROW.findall(page("/conversations")) == []
    assert owner.post(f"{here}/archive", archived="0").headers["Location"] == "/conversations"
    assert ROW.findall(page("/conversations")) == [direct["id"]]


def test_start(owner, page, cast):
    html = page("/conversations/new")
    assert "Tomasz Novak" in html
    assert "<title>New conversation · Lumina</title>" in html
    one = owner.post("/conversations/new", direct=cast.member.id).headers["Location"]
    assert owner.post("/conversations/new", user_id=cast.member.id).headers["Location"] == one
    found = owner.post("/conversations/new", query=cast.member.email, action="go").headers["Location"]
    assert found == one
    both = [cast.member.id, cast.outsider.id]
    group = owner.post("/conversations/new", user_id=both, name="Harbour").headers["Location"]
    assert group != one
    assert "Harbour" in page(group)
    named = owner.post("/conversations/new", user_id=cast.member.id, name="Two of us").headers["Location"]
    assert "Two of us" in page(named)


def test_looking_for_people_keeps_those_chosen(owner, cast):
    kept = {"user_id": cast.member.id, "name": "Harbour", "query": "Ines", "action": "search"}
    html = owner.post("/conversations/new", status=200, **kept).get_data(as_text=True)
    assert f'value="{cast.member.id}" aria-label="Add Tomasz Novak to a group" checked' in html
    assert "Ines Okafor" in html
    assert 'value="Harbour"' in html


def test_a_start_that_is_refused_says_why(owner, cast):
    html = owner.post("/conversations/new", status=400, direct=cast.owner.id).get_data(as_text=True)
    assert 'role="alert"' in html
    assert owner.post("/conversations/new", status=404, direct="987654321")


def test_who_takes_no_direct_messages_is_seen_beforehand(api, page, owner, cast):
    api.as_(cast.member).patch("/api/users/me", {"directFrom": "known"})
    start, pick = (f'name="{name}" value="{cast.member.id}"' for name in ("direct", "user_id"))
    ask = f'href="/experts/{cast.member.id}" aria-label="Ask Tomasz Novak'
    assert ask not in page("/people?query=tomasz", headers=HTMX)
    paying.offer(api, cast.member)

    def rows(**more):
        return page("/people", query_string={"query": "tomasz", **more}, headers=HTMX)

    # Who looks for people to add is not led away.
    for mode, asks in (("start", True), ("add", False)):
        found = rows(mode=mode)
        assert (start in found, pick in found, ask in found) == (False, False, asks)
        assert "Takes messages only from people they know" in found
    making.group(api, cast.member, cast.owner)
    assert (start in rows(), pick in rows()) == (True, True)
    api.as_(cast.member).patch("/api/users/me", {"directFrom": "nobody"})
    assert (start in rows(), pick in rows(), "Takes no direct messages" in rows()) == (False, True, True)
    assert "Takes no" not in rows(mode="add")
    refused = owner.post("/conversations/new", status=403, direct=cast.member.id).get_data(as_text=True)
    assert "takes no direct messages from you" in refused
    assert ask in rows()


def test_people(page, owner, cast):
    rows = page("/people?query=tomasz", headers=HTMX)
    assert "Tomasz Novak" in rows
    assert "Ines" not in rows
    assert "example.org" not in rows
    assert "Nobody found" in page("/people?query=xyzzy")
    assert 'name="direct"' not in page("/people?query=tomasz&mode=add")


def test_people_to_add_are_not_those_who_belong(page, owner, group):
    rows = page(f"/people?mode=add&except={group['id']}")
    assert "Ines Okafor" in rows
    assert "Tomasz" not in rows


def test_more_people(page, owner, app):
    making.crowd(app, 30)
    rows = page("/people?query=crowd", headers=HTMX)
    more = re.search(r'hx-get="(/people[^"]+)"', rows)[1].replace("&amp;", "&")
    seen = [re.findall(r"Crowd \d{4}<", html) for html in (rows, page(more, headers=HTMX))]
    assert len({*seen[0], *seen[1]}) == len(seen[0]) + len(seen[1]) == 30
