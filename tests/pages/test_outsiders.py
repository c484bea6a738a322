"""What belongs to others looks as if it did not exist; nobody at all is led to the sign-in and back."""

from urllib.parse import quote

import pytest

from tests.pages.conftest import FETCH, HTMX
from tests.support import making
from tests.support.forms import Forms

GETS = [
    "",
    "/messages/{message}",
    "/messages/{message}/source",
    "/messages/{message}/edits",
    "/messages/{message}/report",
    "/messages/{message}/reactions",
    "/messages?since=0",
    "/pins",
    "/row",
    "/details",
    "/settings",
    "/files",
    "/composer",
    "/purchases",
    "/mentionable?query=a",
]
POSTS = [
    ("/messages", {"content": "Let me in"}),
    ("/messages/{message}/edit", {"content": "Mine"}),
    ("/messages/{message}/delete", {"scope": "everyone"}),
    ("/messages/{message}/delete", {"scope": "me"}),
    ("/messages/{message}/restore", {}),
    ("/messages/{message}/pin", {"pinned": "1"}),
    ("/messages/{message}/report", {"reason": "spam"}),
    ("/messages/{message}/preview/remove", {}),
    ("/messages/{message}/reactions", {"reaction": "👍", "active": "1"}),
    ("/messages/{message}/forward", {"conversation_id": "987654321"}),
    ("/read", {"message_id": "{message}"}),
    ("/archive", {}),
    ("/block", {"blocked": "1"}),
    ("/rename", {"name": "Mine"}),
    ("/settings", {"allow_file_sharing": "0"}),
    ("/settings", {"notifications": "0"}),
    ("/mute", {"for": "forever"}),
    ("/photo", {"remove": "1"}),
    ("/members", {"user_id": "{outsider}"}),
    ("/members/{member}/remove", {}),
]


@pytest.fixture
def names(api, cast, group):
    [message] = making.say(api, cast.owner, group, "Between us")
    return {"message": message["id"], "outsider": cast.outsider.id, "member": cast.member.id}


@pytest.fixture
def outsider(app, cast):
    return Forms(app.test_client()).sign_in(cast.outsider)


@pytest.mark.parametrize("path", GETS)
@pytest.mark.parametrize("headers", [{}, HTMX, FETCH])
def test_an_outsider_sees_nothing(outsider, group, names, path, headers):
    texts = []
    for conversation in (group["id"], "987654321"):
        answer = outsider.client.get(f"/conversations/{conversation}{path.format(**names)}", headers=headers)
        if answer.status_code == 303:
            answer = outsider.client.get(answer.headers["Location"], headers=headers)
        assert answer.status_code == 404
        texts.append(answer.get_data(as_text=True))
    assert "Between us" not in texts[0]
    assert "Harbour" not in texts[0]


@pytest.mark.parametrize(("path", "form"), POSTS)
def test_an_outsider_changes_nothing(outsider, api, cast, group, names, path, form):
    before = api.as_(cast.owner).get(f"{making.CONVERSATIONS}/{group['id']}")
    filled = {name: text.format(**names) for name, text in form.items()}
    for conversation in (group["id"], "987654321"):
        answer = outsider.post(f"/conversations/{conversation}{path.format(**names)}", status=404, **filled)
        assert "Not found" in answer.get_data(as_text=True)
    assert api.as_(cast.owner).get(f"{making.CONVERSATIONS}/{group['id']}") == before


@pytest.mark.parametrize("path", ["nonsense", "0", "-1", "9" * 30, "%00", "1/messages/nonsense", "1/nowhere"])
def test_what_does_not_exist(client, owner, path):
    answer = client.get(f"/conversations/{path}")
    assert answer.status_code == 404
    assert "Not found" in answer.get_data(as_text=True)


def test_a_device_of_somebody_else_is_not_signed_out(outsider, owner, client, api, cast):
    for session in api.as_(cast.owner).get("/api/auth/sessions")["sessions"]:
        outsider.post(f"/settings/sessions/{session['id']}/revoke", status=404)
    assert client.get("/settings").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/conversations",
        "/conversations/1?before=2",
        "/conversations/1/details",
        "/settings",
        "/people?query=x",
    ],
)
def test_nobody_is_led_to_the_sign_in_and_back(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/login?next={quote(path, safe='')}")
    for headers in (HTMX, FETCH):
        answer = client.get(path, headers={**headers, "HX-Current-URL": "http://localhost/settings"})
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login?next=%2Fsettings")


def test_the_wrong_method(client, owner):
    assert client.get("/logout").status_code == 405
    assert client.delete("/settings").status_code in (400, 405)
