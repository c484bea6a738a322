"""A conversation's settings over the API: what all share, and what is one's own."""

import pytest

from tests.support import life, making
from tests.support.making import CONVERSATIONS

YEAR = 365 * 24 * 3600
SHARED = {"autoDeleteAfter": 3600, "allowFileSharing": False, "allowVoiceMessages": False}
FRESH = {
    "notifications": True,
    "notificationLevel": "all",
    "autoDeleteAfter": None,
    "allowFileSharing": True,
    "allowVoiceMessages": True,
}


@pytest.fixture
def conversation(api, cast):
    return making.group(api, cast.owner, cast.member)


def change(api, person, conversation, status=200, **settings):
    path = f"{CONVERSATIONS}/{conversation['id']}/settings"
    answer = api.as_(person).put(path, {"settings": settings}, status=status)
    return answer["conversation"] if status == 200 else answer


def seen(api, person, conversation):
    return life.read(api, person, conversation)["conversation"]["settings"]


def test_what_is_shared_changes_for_all_with_a_line_each(api, cast, conversation):
    changed = change(api, cast.owner, conversation, **SHARED)
    assert changed["settings"] == FRESH | SHARED
    assert seen(api, cast.member, conversation) == FRESH | SHARED
    lines = life.read(api, cast.member, conversation)["messages"]
    assert [line["system"] for line in lines] == [
        {"kind": "auto_delete", "params": {"seconds": 3600}},
        {"kind": "file_sharing", "params": {"allowed": False}},
        {"kind": "voice_messages", "params": {"allowed": False}},
    ]
    assert changed["version"] == 3
    assert changed == life.read(api, cast.owner, conversation)["conversation"]


def test_null_turns_auto_delete_off_again(api, cast, conversation):
    change(api, cast.owner, conversation, autoDeleteAfter=60)
    assert change(api, cast.owner, conversation, autoDeleteAfter=None)["settings"] == FRESH
    line = life.read(api, cast.member, conversation)["messages"][-1]
    assert line["system"] == {"kind": "auto_delete", "params": {"seconds": None}}


def test_what_is_so_already_says_nothing(api, cast, conversation):
    before = life.read(api, cast.owner, conversation)
    change(api, cast.owner, conversation, **FRESH)
    change(api, cast.owner, conversation)
    assert life.read(api, cast.owner, conversation) == before


def test_notifications_are_ones_own_and_need_no_admin(api, cast, conversation):
    assert change(api, cast.member, conversation, notifications=False)["settings"]["notifications"] is False
    assert seen(api, cast.owner, conversation) == FRESH
    shown = life.read(api, cast.member, conversation)
    assert (shown["messages"], shown["conversation"]["version"]) == ([], 0)


@pytest.mark.parametrize("name", SHARED)
@pytest.mark.parametrize(
    ("who", "status", "code"),
    [("member", 403, "not_an_admin"), ("outsider", 404, "not_found"), ("admin", 404, "not_found")],
)
def test_in_a_group_the_rest_is_an_admins(api, cast, conversation, name, who, status, code):
    settings = {"notifications": False, name: SHARED[name]}
    refused = change(api, getattr(cast, who), conversation, status, **settings)
    assert refused["code"] == code
    assert seen(api, cast.owner, conversation) == seen(api, cast.member, conversation) == FRESH


def test_in_a_direct_conversation_either_changes_them(api, cast):
    made = making.direct(api, cast.owner, cast.member)
    for person in (cast.owner, cast.member):
        change(api, person, made, **SHARED)
        assert change(api, person, made, **FRESH)["settings"] == FRESH
    change(api, cast.outsider, made, 404, **SHARED)


@pytest.mark.parametrize("seconds", [1, YEAR])
def test_the_bounds_of_auto_delete(api, cast, conversation, seconds):
    assert (
        change(api, cast.owner, conversation, autoDeleteAfter=seconds)["settings"]["autoDeleteAfter"]
        == seconds
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("autoDeleteAfter", value) for value in (0, -1, YEAR + 1, 2**70, 0.5, "soon", [60], {})),
        *(("allowFileSharing", value) for value in (None, "perhaps", 7, [])),
        *(("allowVoiceMessages", value) for value in (None, "perhaps")),
        *(("notifications", value) for value in (None, "perhaps")),
    ],
)
def test_an_unfit_setting_is_named(api, cast, conversation, name, value):
    refused = change(api, cast.owner, conversation, 400, **{name: value})
    assert [error["field"] for error in refused["errors"]] == [f"settings.{name}"]
    assert seen(api, cast.owner, conversation) == FRESH


@pytest.mark.parametrize("body", [{}, {"settings": None}, {"settings": []}, {"settings": "x"}, [], None])
def test_settings_are_an_object(api, cast, conversation, body):
    api.as_(cast.owner).put(f"{CONVERSATIONS}/{conversation['id']}/settings", body, status=400)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"messageType": "voice"}, "voice_not_allowed"),
        ({"messageType": "image"}, "files_not_allowed"),
        ({"messageType": "file"}, "files_not_allowed"),
        ({"messageType": "video"}, "files_not_allowed"),
        ({"attachmentIds": ["1"], "content": ""}, "files_not_allowed"),
    ],
)
def test_what_is_switched_off_is_refused(api, cast, conversation, fields, code):
    body = {"conversationId": conversation["id"], "content": "Here", **fields}
    for person in (cast.owner, cast.member):
        refused = api.as_(person).post("/api/messages", body, status=400)
        field = "attachmentIds" if "attachmentIds" in fields else "messageType"
        assert [error["field"] for error in refused["errors"]] == [field]
    change(api, cast.owner, conversation, allowFileSharing=False, allowVoiceMessages=False)
    for person in (cast.owner, cast.member):
        assert api.as_(person).post("/api/messages", body, status=403)["code"] == code
    making.say(api, cast.member, conversation, "Words are welcome")
