"""Messages over the API: sending, what may be sent, and finding one."""

import pytest

from tests.support import making
from tests.support.making import CONVERSATIONS

HOUR = 3600


@pytest.fixture
def conversation(api, cast):
    return making.direct(api, cast.owner, cast.member)


@pytest.fixture
def send(api, cast, conversation):
    """Sends as the owner; the message, or the whole refusal."""

    def send(content="Good morning", status=201, **fields):
        body = {"conversationId": conversation["id"], "content": content, **fields}
        answer = api.as_(cast.owner).post("/api/messages", body, status=status)
        return answer["message"] if status == 201 else answer

    return send


def test_a_message_is_in_the_contracts_shape(api, cast, conversation, send):
    sent = send("  Good morning\nTomasz ")
    sender = {"id": cast.owner.id, "firstName": "Mara", "lastName": "Ellison", "avatar": None}
    assert sent == {
        "id": sent["id"],
        "conversationId": conversation["id"],
        "senderId": cast.owner.id,
        "receiverId": cast.member.id,
        "sender": sender,
        "content": "Good morning\nTomasz",
        "messageType": "text",
        "isPriority": False,
        "priorityLevel": "normal",
        "attachments": [],
        "status": "sent",
        "deliveredAt": None,
        "readAt": None,
        "replyTo": None,
        "replyPreview": None,
        "reactions": [],
        "expiresAt": None,
        "editedAt": None,
        "isDeleted": False,
        "deletedBy": [],
        "clientMessageId": None,
        "position": 1,
        "version": 1,
        "createdAt": sent["createdAt"],
        "updatedAt": sent["createdAt"],
    }
    for viewer in (cast.owner, cast.member):
        assert api.as_(viewer).get(f"/api/messages/{sent['id']}")["message"] == sent


def test_in_a_group_nobody_in_particular_receives(api, cast):
    made = making.group(api, cast.owner, cast.member)
    assert making.say(api, cast.member, made, "Hello")[0]["receiverId"] is None


def test_the_other_way_round_the_receiver_is_the_first(api, cast, conversation):
    [answer] = making.say(api, cast.member, conversation, "Hello")
    assert (answer["senderId"], answer["receiverId"]) == (cast.member.id, cast.owner.id)


@pytest.mark.parametrize(
    "content",
    ["x" * 10_000, "🎈" * 5_000, "  x\n y\n", "ż" * 10_000, "<b>&amp;</b>", "\u202eRTL", "0"],
)
def test_what_may_be_sent_arrives_unchanged(api, cast, send, content):
    sent = send(content)
    assert sent["content"] == content.strip()
    assert api.as_(cast.member).get(f"/api/messages/{sent['id']}")["message"] == sent


@pytest.mark.parametrize(
    "content", ["x" * 10_001, "🎈" * 5_000 + "x", "", " \n\t\u3000", "nul\x00", None, 7, ["x"]]
)
def test_what_may_not_be_sent_names_the_content(api, cast, conversation, send, content):
    refused = send(content, status=400)
    assert [error["field"] for error in refused["errors"]] == ["content"]
    found = api.as_(cast.owner).get(f"{CONVERSATIONS}/{conversation['id']}")
    assert (found["messages"], found["conversation"]["version"]) == ([], 0)


@pytest.mark.parametrize("half", [r"\ud83d", r"\udc00", r"x\udfffx"])
def test_half_a_character_is_refused(api, cast, conversation, half):
    body = f'{{"conversationId": "{conversation["id"]}", "content": "{half}"}}'
    answer = api.as_(cast.owner).request("POST", "/api/messages", data=body)
    assert (answer.status_code, answer.get_json()["success"]) == (400, False)


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({"messageType": "system"}, "messageType"),
        ({"priorityLevel": "low"}, "priorityLevel"),
        ({"isPriority": "perhaps"}, "isPriority"),
        ({"clientMessageId": "x" * 65}, "clientMessageId"),
        ({"clientMessageId": "nul\x00"}, "clientMessageId"),
        ({"clientMessageId": 7}, "clientMessageId"),
        ({"conversationId": None}, "conversationId"),
        ({"conversationId": [1]}, "conversationId"),
    ],
)
def test_an_unfit_field_is_named(send, fields, faulty):
    assert [error["field"] for error in send(status=400, **fields)["errors"]] == [faulty]


def test_nobody_sends_into_nothing(send):
    for conversation_id in ("987654321", "0", "x", "-1", "1.5", "", "9" * 40, "٣", "1 "):
        assert send(status=404, conversationId=conversation_id)["code"] == "not_found"


def test_nobody_sends_where_they_are_no_member(api, cast, conversation):
    body = {"conversationId": conversation["id"], "content": "Hello"}
    for person in (cast.outsider, cast.admin):
        api.as_(person).post("/api/messages", body, status=404)
    assert api.as_(cast.owner).get(f"{CONVERSATIONS}/{conversation['id']}")["messages"] == []


def test_the_same_client_message_id_names_the_same_message(api, cast, conversation, send):
    first = send("First", clientMessageId="one")
    assert send("Second try", clientMessageId="one") == first
    assert first["clientMessageId"] == "one"
    assert send("Third", clientMessageId="two")["version"] == 2
    [others] = [
        api.as_(cast.member).post(
            "/api/messages",
            {"conversationId": conversation["id"], "content": "Mine", "clientMessageId": "one"},
        )["message"]
    ]
    assert (others["version"], others["content"]) == (3, "Mine")


def test_a_client_message_id_is_unique_in_all_conversations(api, cast, send):
    first = send("Here", clientMessageId="one")
    elsewhere = making.group(api, cast.owner, cast.member)
    body = {"conversationId": elsewhere["id"], "content": "There", "clientMessageId": "one"}
    assert api.as_(cast.owner).post("/api/messages", body)["message"] == first
    assert api.as_(cast.owner).get(f"{CONVERSATIONS}/{elsewhere['id']}")["messages"] == []


def test_priority_needs_a_level_and_a_level_is_a_free_label(send):
    assert send(status=400, isPriority=True)["code"] == "invalid"
    assert send(status=400, isPriority=True, priorityLevel="normal")["code"] == "invalid"
    urgent = send(isPriority=True, priorityLevel="urgent")
    assert (urgent["isPriority"], urgent["priorityLevel"]) == (True, "urgent")
    label = send(priorityLevel="high")
    assert (label["isPriority"], label["priorityLevel"]) == (False, "high")


@pytest.mark.usefixtures("rate_limits")
def test_five_labels_an_hour(api, cast, conversation, send):
    for number in range(5):
        sent = send(priorityLevel="high", clientMessageId=f"label {number}")
    assert send(priorityLevel="high", clientMessageId="label 4")["id"] == sent["id"]
    body = {"conversationId": conversation["id"], "content": "Hello", "priorityLevel": "high"}
    refused = api.as_(cast.owner).request("POST", "/api/messages", json=body)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= HOUR
    assert refused.get_json()["code"] == "too_many_requests"
    send()
    api.as_(cast.member).post("/api/messages", body, status=201)


def test_the_version_counts_without_gaps_and_is_the_position(api, cast, send):
    versions = []
    for _ in range(3):
        send("", status=400)
        versions.append(send()["version"])
        send(status=404, conversationId="987654321")
    assert versions == [1, 2, 3]


def test_a_message_is_found_by_members_only(api, cast, send):
    path = f"/api/messages/{send()['id']}"
    api.as_(cast.member).get(path)
    for person in (cast.outsider, cast.admin):
        assert api.as_(person).get(path, status=404)["code"] == "not_found"
