"""Web Push, from a message to a browser: who is notified, of what, how often, and what becomes of it."""

from datetime import timedelta

import pytest

from lumina import clock
from lumina.extensions import db
from lumina.models import Push, PushSubscription
from lumina.outlets import webpush
from lumina.services import notices, preferences, pushes, receipts, vapid
from lumina.services.push_subscriptions import decoded
from tests.support import life, making, paying
from tests.support.making import CONVERSATIONS
from tests.support.passing import DAY
from tests.support.push_service import KEYS
from tests.support.queries import count_queries

SUBSCRIPTIONS = "/api/push/subscriptions"


@pytest.fixture
def talk(api, cast):
    return making.direct(api, cast.owner, cast.member)


@pytest.fixture
def group(api, cast):
    return making.group(api, cast.owner, cast.member, name="The mill")


@pytest.fixture
def device(api, cast, push_service):
    """The member's browser."""
    body = push_service.subscription()
    api.as_(cast.member).post(SUBSCRIPTIONS, body, status=201)
    return body


@pytest.fixture
def asked(app, api, cast):
    """The owner has asked the member for money."""
    paying.offer(api, cast.member)
    paying.credit(app, cast.owner, 20_000)
    return paying.ask(api, cast.owner, cast.member)


@pytest.fixture
def rows(app):
    def rows(model):
        with app.app_context():
            return [row.__dict__ for row in db.session.scalars(db.select(model)).all()]

    return rows


def test_a_message_reaches_a_browser(api, cast, talk, device, push_service, swept):
    [message] = making.say(api, cast.owner, talk, "**Good** morning")
    swept(1)
    assert push_service.payloads == []
    swept(2)
    assert push_service.payloads == [
        {
            "type": "message",
            "tag": f"conversation-{talk['id']}",
            "conversationId": talk["id"],
            "unread": 1,
            "messageId": message["id"],
            "title": "Mara Ellison",
            "body": "Good morning",
            "count": 1,
            "url": f"/conversations/{talk['id']}",
        }
    ]
    [headers] = push_service.headers
    assert (headers["Content-Encoding"], headers["TTL"], headers["Urgency"]) == (
        "aes128gcm",
        "86400",
        "normal",
    )
    swept(60)
    assert len(push_service.payloads) == 1


def test_what_is_paid_for_says_so(api, cast, asked, device, push_service, swept):
    paying.urgent(api, cast.owner, asked, "By five?")
    swept(3)
    assert [(p["title"], p["body"]) for p in push_service.payloads] == [
        ("Mara Ellison · Urgent, $20.00", "By five?")
    ]


def test_several_are_one_and_more_replace_it(api, cast, group, device, push_service, swept):
    making.say(api, cast.owner, group, "One", "Two")
    swept(3)
    making.say(api, cast.owner, group, "Three")
    swept(3)
    assert [(p["title"], p["body"], p["count"]) for p in push_service.payloads] == [
        ("The mill", "2 new messages", 2),
        ("The mill", "3 new messages", 3),
    ]


def test_in_a_group_the_sender_is_named(api, cast, group, device, push_service, swept):
    making.say(api, cast.owner, group, "One")
    swept(3)
    assert [p["body"] for p in push_service.payloads] == ["Mara Ellison: One"]


def test_what_it_says_can_be_hidden(api, cast, talk, device, push_service, swept):
    api.as_(cast.member).patch("/api/users/me/notifications", {"hideContent": True})
    making.say(api, cast.owner, talk, "Secret")
    swept(3)
    making.say(api, cast.owner, talk, "Another")
    swept(3)
    told = [(p["title"], p["body"]) for p in push_service.payloads]
    assert told == [("Lumina", "New message"), ("Lumina", "2 new messages")]


def test_what_was_read_meanwhile_is_not_sent(app, api, cast, talk, device, push_service, swept, rows):
    [message] = making.say(api, cast.owner, talk, "Read at once")
    with app.app_context():
        receipts.mark_read(cast.member.user, talk["id"], message["id"])
    swept(3)
    assert (push_service.payloads, rows(Push)) == ([], [])


def test_reading_takes_it_away(app, api, cast, talk, device, push_service, swept, rows):
    [message] = making.say(api, cast.owner, talk, "One")
    swept(3)
    with app.app_context():
        receipts.mark_read(cast.member.user, talk["id"], message["id"])
    swept(1)
    assert push_service.payloads[1:] == [
        {"type": "read", "tag": f"conversation-{talk['id']}", "conversationId": talk["id"], "unread": 0}
    ]
    assert rows(Push) == []


def test_read_before_its_successor_was_sent_it_goes_too(app, api, cast, talk, device, push_service, swept):
    making.say(api, cast.owner, talk, "One")
    swept(3)
    api.as_(cast.member).patch(
        "/api/users/me/notifications", {"quietFrom": 0, "quietUntil": 1439, "timeZone": "UTC"}
    )
    [second] = making.say(api, cast.owner, talk, "Two")
    swept(3)
    with app.app_context():
        receipts.mark_read(cast.member.user, talk["id"], second["id"])
    swept(DAY)
    assert [p["type"] for p in push_service.payloads] == ["message", "read"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("mute", {"muted": True}),
        ("settings", {"settings": {"notificationLevel": "none"}}),
        ("settings", {"settings": {"notificationLevel": "mentions"}}),
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_who_wants_none_gets_none(api, cast, group, device, push_service, swept, path, body, when):
    def silence():
        call = api.as_(cast.member).post if path == "mute" else api.as_(cast.member).put
        call(f"{CONVERSATIONS}/{group['id']}/{path}", body)

    if when == "before":
        silence()
    making.say(api, cast.owner, group, "One")
    if when == "after":
        silence()
    swept(3)
    assert push_service.payloads == []


def test_a_mention_reaches_who_wants_only_these(api, cast, group, device, push_service, swept):
    path = f"{CONVERSATIONS}/{group['id']}/settings"
    api.as_(cast.member).put(path, {"settings": {"notificationLevel": "mentions"}})
    making.say(api, cast.owner, group, "Nothing for you", "But this, @Tomasz Novak")
    swept(3)
    assert [(p["body"], p["count"]) for p in push_service.payloads] == [
        ("Mara Ellison: But this, @Tomasz Novak", 1)
    ]


def test_ones_own_messages_and_lines_notify_nobody(api, cast, group, device, push_service, swept):
    making.say(api, cast.member, group, "My own")
    api.as_(cast.owner).patch(f"{CONVERSATIONS}/{group['id']}", {"name": "The old mill"})
    swept(3)
    assert push_service.payloads == []


def test_what_was_deleted_is_not_told(api, cast, talk, device, push_service, swept, rows):
    [message] = making.say(api, cast.owner, talk, "Never mind")
    life.delete(api, cast.owner, message)
    swept(3)
    [message] = making.say(api, cast.owner, talk, "Late")
    push_service.answers(503)
    swept(3)
    life.delete(api, cast.owner, message)
    swept(60)
    assert [p["body"] for p in push_service.payloads] == ["Late"]
    assert rows(Push) == []


def test_nor_what_one_has_left(api, cast, group, device, push_service, swept, rows):
    push_service.answers(503)
    making.say(api, cast.owner, group, "One")
    swept(3)
    api.as_(cast.owner).delete(f"{CONVERSATIONS}/{group['id']}/members/{cast.member.id}")
    swept(60)
    assert (len(push_service.payloads), rows(Push)) == (1, [])


@pytest.mark.parametrize(("status", "retry_after", "again"), [(503, None, 5), (429, "90", 90), (500, "x", 5)])
def test_what_fails_is_tried_again(api, cast, talk, device, push_service, swept, status, retry_after, again):
    push_service.answers(status, **({"Retry_After": retry_after} if retry_after else {}))
    making.say(api, cast.owner, talk, "One")
    swept(3)
    swept(again - 2)
    assert len(push_service.payloads) == 1
    swept(4)
    assert len(push_service.payloads) == 2


def test_until_a_day_has_passed(api, cast, talk, device, push_service, swept, rows):
    push_service.answers(*[503] * 50)
    making.say(api, cast.owner, talk, "One")
    swept(3)
    for _ in range(26):
        swept(3600)
    tried = len(push_service.payloads)
    assert 10 < tried < 50
    assert rows(Push) == []


@pytest.mark.parametrize("status", [404, 410, 401, 403])
def test_a_browser_that_is_gone_is_forgotten(api, cast, talk, device, push_service, swept, rows, status):
    push_service.answers(status)
    making.say(api, cast.owner, talk, "One")
    swept(3)
    assert (rows(PushSubscription), rows(Push)) == ([], [])


def test_what_is_refused_is_not_tried_again(api, cast, talk, device, push_service, swept, rows):
    push_service.answers(413)
    making.say(api, cast.owner, talk, "One")
    swept(3)
    swept(600)
    assert (len(push_service.payloads), rows(Push)) == (1, [])
    assert len(rows(PushSubscription)) == 1


def test_no_private_machine_is_asked(api, cast, talk, swept, rows):
    body = {"endpoint": "https://127.0.0.1/push", "keys": KEYS}
    api.as_(cast.member).post(SUBSCRIPTIONS, body, status=201)
    making.say(api, cast.owner, talk, "One")
    swept(3)
    assert rows(PushSubscription) == []


def test_a_silent_service_is_tried_again(api, cast, talk, device, push_service, swept, rows):
    push_service.site.close()
    making.say(api, cast.owner, talk, "One")
    swept(3)
    [row] = rows(Push)
    assert (row["attempts"], row["state"]) == (1, "due")


@pytest.fixture
def noon(app, later):
    """Moves the clock to noon in UTC."""
    with app.app_context():
        now = clock.now()
    later(int((now.replace(hour=12, minute=0, second=0) - now).total_seconds()) % DAY)


def quiet(api, person, begin, end, **more):
    body = {"quietFrom": begin * 60, "quietUntil": end * 60, **more}
    api.as_(person).patch("/api/users/me/notifications", body)


def test_quiet_hours_put_it_off(api, cast, talk, device, push_service, swept, noon):
    quiet(api, cast.member, 11, 14, timeZone="UTC")
    making.say(api, cast.owner, talk, "One")
    swept(3)
    swept(3600)
    assert push_service.payloads == []
    swept(3600)
    assert len(push_service.payloads) == 1


def test_they_are_in_ones_own_zone(api, cast, talk, device, push_service, swept, noon):
    quiet(api, cast.member, 22, 7, timeZone="Asia/Tokyo")
    making.say(api, cast.owner, talk, "One")
    swept(3)
    assert len(push_service.payloads) == 1
    swept(3600)
    making.say(api, cast.owner, talk, "At ten in the evening")
    swept(3)
    assert len(push_service.payloads) == 1


@pytest.mark.parametrize("passes", [True, False])
def test_urgent_ones_pass_by_choice(api, cast, talk, device, push_service, swept, noon, passes):
    quiet(api, cast.member, 11, 14, urgentInQuiet=passes)
    body = {"conversationId": talk["id"], "content": "Now", "isPriority": True, "priorityLevel": "urgent"}
    api.as_(cast.owner).post("/api/messages", body)
    swept(3)
    assert len(push_service.payloads) == (1 if passes else 0)


def test_one_s_own_answer_is_no_news(api, cast, talk, device, push_service, swept):
    making.say(api, cast.owner, talk, "A question")
    making.say(api, cast.member, talk, "My answer, unread as the question is")
    swept(3)
    assert [p["count"] for p in push_service.payloads] == [1]


def test_said_again_before_it_was_taken_away_it_is_one(app, api, cast, talk, device, push_service, swept):
    [message] = making.say(api, cast.owner, talk, "One")
    swept(3)
    with app.app_context():
        receipts.mark_read(cast.member.user, talk["id"], message["id"])
        db.session.execute(db.update(Push).values(due_at=clock.now() + timedelta(seconds=30)))
        db.session.commit()
    making.say(api, cast.owner, talk, "Two")
    swept(3)
    assert [(p["body"], p["count"]) for p in push_service.payloads] == [("One", 1), ("Two", 1)]


def test_what_changes_while_it_is_sent_is_sent_too(app, api, cast, talk, device, push_service, swept, later):
    making.say(api, cast.owner, talk, "One")
    later(3)
    with app.app_context():
        notices.give(None, int(talk["id"]))
        [(key, _)] = pushes.due(clock.now(), 5)
        claim = pushes.claim(None, key)
        assert (pushes.claim(None, key), webpush.carry_out(key)) == (None, False)
    making.say(api, cast.owner, talk, "Two")
    later(3)
    with app.app_context():
        notices.give(None, int(talk["id"]))
        pushes.settle(None, claim, pushes.Outcome("sent"))
    swept(1)
    assert [p["body"] for p in push_service.payloads] == ["2 new messages"]


def test_without_subscriptions_a_message_costs_little(app, api, cast, talk, swept, later, monkeypatch):
    making.say(api, cast.owner, talk, "One")
    with app.app_context():
        monkeypatch.setattr(clock, "_offset", lambda: timedelta(seconds=5))
        with count_queries(app) as queries:
            assert notices.give(None, int(talk["id"])) is True
        assert notices.give(None, int(talk["id"])) is False
    assert len(queries) == 3


def test_the_key_is_the_same_in_every_process(app):
    first = vapid.public_key()
    vapid.configure(app.config["LUMINA"])
    assert vapid.public_key() == first
    assert len(decoded(first)) == 65


def test_preferences_of_who_has_chosen_nothing(app, cast):
    with app.app_context():
        found = preferences.of(int(cast.owner.id))
    assert (found.sound, found.digest, found.quiet_from) == ("soft", True, None)
