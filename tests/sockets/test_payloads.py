"""Whatever a client sends, it gets an acknowledgement and keeps its connection."""

import pytest

from lumina.sockets.event import declared

HUGE = "9" * 40
DEEP: object = {"conversationId": "1"}
for _ in range(60):
    DEEP = {"conversationId": [DEEP]}
BAD = [
    (),
    (None,),
    (True,),
    (0,),
    (-1,),
    (7.5,),
    ("",),
    ("no id",),
    ("²",),
    ("1\x00",),
    ("1 OR 1=1",),
    (HUGE,),
    (2**63,),
    ("x" * 100_000,),
    (b"bytes",),
    ([],),
    (["1"],),
    ([[[]]],),
    ({},),
    (DEEP,),
    (None, None, None),
]
WRONG = [True, 7.5, b"\xff", b"1", [], ["1"], {}, {"id": {"id": "1"}}]
WRONG_IDS = [None, -1, "", "²", "\x00", HUGE, 2**63]
PLACES = {name for name, schema in declared.items() if "conversation_id" in schema.model_fields}
MESSAGES = {name for name, schema in declared.items() if "message_id" in schema.model_fields} - PLACES


@pytest.fixture
def good(cast, direct, api):
    """A body that is right for every event, so that one wrong field is all that is wrong with it."""
    sent = api.as_(cast.owner).post("/api/messages", {"conversationId": direct["id"], "content": "Hello"})
    return {
        "conversationId": direct["id"],
        "messageId": sent["message"]["id"],
        "content": "Hello",
        "token": cast.owner.token,
        "clientMessageId": "one",
        "priorityLevel": "normal",
        "reaction": "👍",
        "scope": "everyone",
        "settings": {"notifications": False},
    }


def test_these_are_all_the_events_there_are():
    """A new one needs a place in these tests, those of outsiders among them."""
    assert set(declared) == PLACES | MESSAGES | {"auth"}
    assert {"edit_message", "message_reaction", "delete_message"} == MESSAGES
    assert {
        "join_conversation",
        "leave_conversation",
        "typing_start",
        "typing_stop",
        "new_message",
        "mark_read",
        "conversation_settings_update",
    } == PLACES


@pytest.mark.parametrize("event", declared)
def test_a_bad_payload_is_refused_and_the_socket_stays(cast, direct, open_socket, event):
    socket = open_socket(cast.owner)
    for payload in BAD:
        refused = socket.emit(event, *payload)
        assert refused["success"] is False, payload
        assert set(refused) <= {"success", "message", "code", "errors"}, payload
        assert refused["code"] in {"invalid", "not_found", "unauthorized"}, (payload, refused)
        assert isinstance(refused["message"], str), payload
    assert socket.emit("join_conversation", direct["id"])["success"]


@pytest.mark.parametrize("event", declared)
def test_one_wrong_field_is_refused_by_its_name(cast, good, open_socket, event):
    socket = open_socket(cast.owner)
    known = {field.alias for field in declared[event].model_fields.values()}
    for field in known & set(good):
        for value in WRONG + (WRONG_IDS if field in ("conversationId", "messageId") else []):
            if field == "settings" and isinstance(value, dict):
                continue  # Nothing to change, and what nobody knows, is passed over.
            refused = socket.emit(event, good | {field: value})
            assert refused["success"] is False, (field, value)
            assert refused["code"] in {"invalid", "not_found"}, (field, value, refused)
            if refused["code"] == "invalid":
                assert refused["errors"][0]["field"] == field
    assert socket.emit(event, good)["success"]


@pytest.mark.parametrize("event", declared)
def test_an_event_without_a_callback_is_carried_out(cast, good, open_socket, event):
    socket = open_socket(cast.owner)
    socket._client.emit(event, good)
    socket._client.emit(event, None)
    assert socket.connected


def test_an_event_that_nobody_knows_changes_nothing(cast, direct, open_socket):
    socket = open_socket(cast.owner)
    assert socket.emit("no_such_event", {"conversationId": direct["id"]}) == {
        "success": False,
        "message": "There is no event of this name.",
        "code": "unknown_event",
    }
    socket._client.emit("no_such_event")
    assert socket.emit("join_conversation", direct["id"])["success"]


def test_a_number_means_the_id(cast, direct, open_socket):
    socket = open_socket(cast.owner)
    assert socket.emit("join_conversation", int(direct["id"]))["success"]
    assert socket.emit("join_conversation", {"conversationId": int(direct["id"])})["success"]


@pytest.mark.parametrize("content", ["", "  \n ", "x" * 10_001, "🙂" * 5_001, "nul\x00"])
def test_an_unfit_text_names_its_field(cast, direct, open_socket, content):
    refused = open_socket(cast.owner).emit(
        "new_message", {"conversationId": direct["id"], "content": content}
    )
    assert refused["code"] == "invalid"
    assert refused["errors"][0]["field"] == "content"


def test_a_fault_of_ours_is_acknowledged_without_a_traceback(cast, direct, open_socket, monkeypatch, caplog):
    def fail(*_: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("lumina.services.conversations.find", fail)
    socket = open_socket(cast.owner)
    refused = socket.emit("join_conversation", direct["id"])
    assert refused == {
        "success": False,
        "code": "internal_error",
        "message": "Something went wrong on our side.",
    }
    assert "the secret of the house" in caplog.text
    assert socket.connected
