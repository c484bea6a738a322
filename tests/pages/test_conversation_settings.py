"""The settings of a conversation and muting it, by their forms."""

from datetime import timedelta

import pytest

from lumina import clock
from lumina.presenters import times
from tests.pages.conftest import FETCH, HTMX
from tests.support import making

SETTINGS = 'id="conversation-settings"'


@pytest.fixture
def now_of(api, cast):
    """The conversation as its owner or its member has it."""

    def now_of(conversation, person=None):
        path = f"{making.CONVERSATIONS}/{conversation['id']}"
        return api.as_(person or cast.owner).get(path)["conversation"]

    return now_of


@pytest.fixture
def post(client, owner):
    """Sends a form of the settings as htmx does; the status and the fragment."""

    def post(conversation, action, status=200, headers=HTMX, **form):
        path = f"/conversations/{conversation['id']}/{action}"
        answer = owner.post(path, status=status, headers=headers, **form)
        return answer.get_data(as_text=True)

    return post


@pytest.mark.parametrize("name", ["notifications", "allow_file_sharing", "allow_voice_messages"])
def test_a_switch_and_back(post, now_of, direct, name):
    key = {
        "notifications": "notifications",
        "allow_file_sharing": "allowFileSharing",
        "allow_voice_messages": "allowVoiceMessages",
    }[name]
    for value in ("0", "1"):
        html = post(direct, "settings", **{name: value})
        assert SETTINGS in html
        assert now_of(direct)["settings"][key] is (value == "1")


def test_auto_delete_and_never(post, now_of, direct):
    assert "After 90 minutes" in post(direct, "settings", auto_delete_after="5400")
    assert now_of(direct)["settings"]["autoDeleteAfter"] == 5400
    assert "Messages disappear" not in post(direct, "settings", auto_delete_after="")
    assert now_of(direct)["settings"]["autoDeleteAfter"] is None


@pytest.mark.parametrize("seconds", ["0", "-1", "x", "9" * 12, "²"])
def test_no_length_of_time(post, now_of, direct, seconds):
    html = post(direct, "settings", status=400, auto_delete_after=seconds)
    assert 'role="alert"' in html
    assert now_of(direct)["settings"]["autoDeleteAfter"] is None


def test_a_member_changes_only_what_is_their_own(member, now_of, cast, group):
    path = f"/conversations/{group['id']}/settings"
    answer = member.post(path, status=403, headers=HTMX, allow_file_sharing="0")
    assert "Only an admin" in answer.get_data(as_text=True)
    assert "Only admins change this." in answer.get_data(as_text=True)
    failure = member.post(path, status=403, headers=FETCH, allow_file_sharing="0").get_json()
    assert failure["code"] == "not_an_admin"
    member.post(path, status=200, headers=HTMX, notifications="0")
    assert now_of(group, cast.member)["settings"] == {
        "notifications": False,
        "notificationLevel": "none",
        "autoDeleteAfter": None,
        "allowFileSharing": True,
        "allowVoiceMessages": True,
    }


@pytest.mark.parametrize("seconds", [3600, 28800, 86400, 604800])
def test_mute_for_a_while(post, now_of, direct, seconds):
    before = clock.real_now()
    html = post(direct, "mute", **{"for": str(seconds)})
    [mute] = now_of(direct)["mutedBy"]
    assert times.iso(before + timedelta(seconds=seconds)) <= mute["mutedUntil"]
    assert mute["mutedUntil"] in html


def test_mute_for_good_and_unmute(post, now_of, cast, direct):
    post(direct, "mute", **{"for": "forever"})
    assert now_of(direct)["mutedBy"] == [{"userId": cast.owner.id, "mutedUntil": None}]
    assert now_of(direct, cast.member)["mutedBy"] == []
    post(direct, "mute", **{"for": "off"})
    assert now_of(direct)["mutedBy"] == []


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ("2099-01-02T08:30", "2099-01-02T08:30:00.000Z"),
        ("2099-01-02T08:30:00.000Z", "2099-01-02T08:30:00.000Z"),
        ("2099-01-02T08:30+02:00", "2099-01-02T06:30:00.000Z"),
    ],
)
def test_mute_until_a_moment(post, now_of, direct, chosen, kept):
    post(direct, "mute", **{"for": "until", "until": chosen})
    assert now_of(direct)["mutedBy"][0]["mutedUntil"] == kept


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"for": "sometimes"},
        {"for": "0"},
        {"for": "until"},
        {"for": "until", "until": "soon"},
        {"for": "until", "until": "2020-01-01T00:00"},
        {"for": "until", "until": "9999-12-31T23:59-12:00"},
    ],
)
def test_no_moment(post, now_of, direct, form):
    assert 'role="alert"' in post(direct, "mute", status=400, **form)
    assert now_of(direct)["mutedBy"] == []


def test_without_script(page, owner, direct):
    here = f"/conversations/{direct['id']}"
    answer = owner.post(f"{here}/settings", status=303, allow_file_sharing="0")
    assert answer.headers["Location"] == f"{here}/details"
    html = page(f"{here}/details")
    assert 'aria-checked="false" name="allow_file_sharing" value="1"' in html
    refused = owner.post(f"{here}/mute", status=400, **{"for": "until", "until": "soon"})
    assert "Please choose a date and a time." in refused.get_data(as_text=True)
    assert "<conversation-list>" in refused.get_data(as_text=True)


def test_the_part_of_the_details(client, page, owner, direct):
    path = f"/conversations/{direct['id']}/settings"
    html = page(path, headers=HTMX)
    assert SETTINGS in html
    assert 'id="expiry-mark"' in html
    assert "Archive" not in html
    assert client.get(path).headers["Location"] == f"/conversations/{direct['id']}/details"


def test_a_muted_row_bears_its_mark(page, post, direct):
    row = f"/conversations/{direct['id']}/row"
    assert "data-muted" not in page(row)
    post(direct, "mute", **{"for": "forever"})
    assert 'data-muted=""' in page(row)
