"""Previews of links over the API: seen, removed, and turned off."""

import pytest

from tests.support import making, previews


@pytest.fixture
def message(app, api, cast):
    made = making.group(api, cast.owner, cast.member)
    return making.say(api, cast.owner, made, f"Look: {previews.URL}")[0]


def test_a_preview_is_seen_and_removed(app, api, cast, message):
    assert "linkPreview" not in message
    preview = previews.give(app, message, siteName="Port")
    path = f"/api/messages/{message['id']}"
    assert api.as_(cast.member).get(path)["message"]["linkPreview"] == preview
    removed = api.as_(cast.owner).delete(f"{path}/preview")["message"]
    assert "linkPreview" not in removed
    assert removed["version"] == message["version"] + 2
    assert api.as_(cast.member).get(path)["message"] == removed
    assert api.as_(cast.owner).delete(f"{path}/preview")["message"] == removed


def test_only_the_sender_removes_it(app, api, cast, message):
    previews.give(app, message)
    refusal = api.as_(cast.member).delete(f"/api/messages/{message['id']}/preview", status=403)
    assert refusal["code"] == "not_the_sender"
    api.as_(cast.outsider).delete(f"/api/messages/{message['id']}/preview", status=404)
    assert "linkPreview" in api.as_(cast.owner).get(f"/api/messages/{message['id']}")["message"]


def test_a_setting_of_one_s_own(api, cast):
    assert api.as_(cast.owner).get("/api/auth/me")["user"]["linkPreviews"] is True
    changed = api.as_(cast.owner).patch("/api/users/me", {"linkPreviews": False})["user"]
    assert (changed["linkPreviews"], changed["firstName"]) == (False, "Mara")
    assert api.as_(cast.owner).patch("/api/users/me", {"headline": "x"})["user"]["linkPreviews"] is False
    assert "linkPreviews" not in api.as_(cast.member).get(f"/api/users/{cast.owner.id}")["user"]
    for wrong in (None, "sometimes", []):
        api.as_(cast.owner).patch("/api/users/me", {"linkPreviews": wrong}, status=400)
