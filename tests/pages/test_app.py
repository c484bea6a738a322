"""What makes an app of the site, and the forms and links around notifications."""

import json

import pytest

from lumina.presenters import assets
from tests.pages.conftest import FETCH
from tests.support.push_service import KEYS


def test_the_manifest_names_icons_that_are_there(client):
    answer = client.get("/manifest.webmanifest")
    manifest = json.loads(answer.get_data())
    assert answer.mimetype == "application/manifest+json"
    assert manifest["start_url"] == "/conversations"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).mimetype == "image/png"


def test_the_worker_bears_the_version_of_what_it_keeps(client):
    answer = client.get("/service-worker.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert f'"lumina-{assets.version()}"' in answer.get_data(as_text=True)


def test_the_page_without_a_connection_is_nobody_s(client, owner):
    assert "viewer-id" not in client.get("/offline").get_data(as_text=True)


@pytest.mark.parametrize(("count", "shown"), [(1, ">1<"), (9, ">9<"), (10, ">9+<"), (1000, ">9+<")])
def test_the_icon_with_a_number(client, count, shown):
    assert shown in client.get(f"/icons/unread/{count}.svg").get_data(as_text=True)


def test_signing_out_clears_what_the_browser_kept(owner):
    assert owner.post("/logout", status=303).headers["Clear-Site-Data"] == '"cache"'


def form(**changes):
    fresh = {"sound": "bright", "quiet_from": "22:30", "quiet_until": "07:00", "time_zone": "Asia/Tokyo"}
    return fresh | {"urgent_in_quiet": "1"} | changes


def test_the_form(owner, api, cast):
    owner.post("/settings/notifications", status=303, **form())
    found = api.as_(cast.owner).get("/api/users/me/notifications")["preferences"]
    assert found == {
        "sound": "bright",
        "hideContent": False,
        "quietFrom": 1350,
        "quietUntil": 420,
        "timeZone": "Asia/Tokyo",
        "urgentInQuiet": True,
        "digest": False,
    }
    page = owner.client.get("/settings").get_data(as_text=True)
    assert 'value="22:30"' in page
    assert '<meta name="sound" content="bright">' in page


@pytest.mark.parametrize(
    "wrong", [{"quiet_from": ""}, {"quiet_from": "x"}, {"time_zone": "Nowhere"}, {"sound": "x"}]
)
def test_what_cannot_be(owner, wrong):
    answer = owner.post("/settings/notifications", status=400, **form(**wrong))
    assert 'role="alert"' in answer.get_data(as_text=True)


def test_a_browser_subscribes_and_leaves(owner, api, cast):
    body = {"endpoint": "https://push.example/1", **KEYS}
    owner.post("/push/subscriptions", status=204, headers=FETCH, **body)
    owner.post("/push/subscriptions", status=400, headers=FETCH, endpoint="x")
    owner.post("/push/subscriptions/remove", status=204, headers=FETCH, endpoint="https://push.example/1")
