"""Reminders of an answer that is owed: at half and at four fifths of the time, by mail, to open tabs and by Web Push."""

from email import message_from_bytes, policy

import pytest

from lumina.extensions import db
from lumina.models import Push
from tests.support import paying
from tests.support.making import CONVERSATIONS
from tests.support.paying import DAY, HOUR

SUBSCRIPTIONS = "/api/push/subscriptions"
# The deployment's time for an answer, of which half and four fifths are reminded of.
HALF, FOUR_FIFTHS = 24 * HOUR, 38.4 * HOUR


@pytest.fixture
def expert(api, cast):
    paying.offer(api, cast.member)
    return cast.member


@pytest.fixture
def device(api, expert, push_service):
    """The expert's browser."""
    api.as_(expert).post(SUBSCRIPTIONS, push_service.subscription(), status=201)


@pytest.fixture
def asked(app, api, cast, expert):
    paying.credit(app, cast.owner, 20_000)
    made = paying.ask(api, cast.owner, expert)
    paying.say(api, cast.owner, made, "Does it count this year?")
    return made


@pytest.fixture
def mails(config):
    """The reminders mailed since the test began."""
    folder = config.instance / "mail"
    before = set(folder.glob("*"))

    def mails():
        found = sorted(set(folder.glob("*")) - before)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in found]

    return mails


def test_one_goes_out_at_half_and_one_at_four_fifths(app, expert, asked, mails):
    counts = []
    for seconds in (HALF - 60, 120, FOUR_FIFTHS - HALF - 120, 120, 48 * HOUR - FOUR_FIFTHS - 240):
        paying.advance(app, int(seconds))
        counts.append(len(mails()))
    assert counts == [0, 1, 1, 2, 2]
    for mail in mails():
        assert (mail["To"], mail["Subject"]) == (expert.email, "Mara Ellison waits for your answer")
        assert "$50.00" in mail.get_content()
        assert f"/priority/{asked['id']}" in mail.get_content()


def test_none_once_it_is_answered_declined_or_over(app, api, cast, expert, asked, mails):
    paying.say(api, expert, asked, "It does.")
    paying.credit(app, cast.outsider, 20_000)
    declined = paying.ask(api, cast.outsider, expert)
    paying.take(api, expert, declined["escrow"], "decline")
    paying.advance(app, 3 * DAY)
    assert mails() == []


def test_after_a_long_stop_only_one(app, asked, mails):
    paying.advance(app, 47 * HOUR)
    assert len(mails()) == 1
    paying.advance(app, 2 * HOUR)
    assert len(mails()) == 1


def test_none_of_what_is_over_after_a_longer_one(app, asked, mails):
    paying.advance(app, 5 * DAY)
    assert mails() == []


def test_both_open_pages_learn_of_it_as_a_purchase_that_has_changed(app, cast, asked, open_socket):
    sockets = [open_socket(person) for person in (cast.owner, cast.member)]
    for reminders in (1, 2):
        paying.advance(app, int(HALF + 60 if reminders == 1 else FOUR_FIFTHS - HALF))
        for socket in sockets:
            told = [event["escrow"] for event in socket.arrived("escrow_updated")]
            assert [(one["id"], one["state"], one["reminders"]) for one in told[reminders - 1 :]] == [
                (asked["escrow"]["id"], "held", reminders)
            ]


def test_it_is_counted_as_long_as_it_matters(app, api, expert, asked):
    assert "reminders" not in paying.escrow(api, expert, asked["escrow"])
    paying.advance(app, HALF + 60)
    assert paying.escrow(api, expert, asked["escrow"])["reminders"] == 1
    paying.say(api, expert, asked, "It does.")
    assert "reminders" not in paying.escrow(api, expert, asked["escrow"])


def reminders(push_service):
    return [p for p in push_service.payloads if p["type"] == "message" and "messageId" not in p]


def test_the_expert_s_browser_is_told(app, asked, device, push_service):
    paying.advance(app, HALF + 60)
    assert reminders(push_service) == [
        {
            "type": "message",
            "tag": f"conversation-{asked['id']}",
            "conversationId": asked["id"],
            "unread": 1,
            "title": "Mara Ellison",
            "body": "Waits for your answer, 23 h 58 min left. $50.00 is held for it.",
            "url": f"/priority/{asked['id']}",
        }
    ]
    headers = push_service.headers[-1]
    assert headers["Urgency"] == "high"
    assert 23 * HOUR < int(headers["TTL"]) < 24 * HOUR
    paying.advance(app, int(FOUR_FIFTHS - HALF))
    assert len(reminders(push_service)) == 2


def test_before_anything_is_written_too(app, api, cast, expert, device, push_service):
    paying.credit(app, cast.owner, 20_000)
    paying.ask(api, cast.owner, expert)
    paying.advance(app, HALF + 60)
    assert len(reminders(push_service)) == 1


def test_what_it_says_can_be_hidden(app, api, expert, asked, device, push_service):
    api.as_(expert).patch("/api/users/me/notifications", {"hideContent": True})
    paying.advance(app, HALF + 60)
    assert [(p["title"], p["body"]) for p in reminders(push_service)] == [("Lumina", "An answer is due")]


@pytest.mark.parametrize("step", ["mute", "answer"])
def test_a_push_that_is_wanted_no_more_is_not_sent(app, api, expert, asked, device, push_service, step):
    push_service.answers(503, 503, 503)
    paying.advance(app, HALF + 60)
    tried = len(reminders(push_service))
    if step == "mute":
        api.as_(expert).post(f"{CONVERSATIONS}/{asked['id']}/mute", {"muted": True})
    else:
        paying.say(api, expert, asked, "It does.")
    paying.advance(app, HOUR)
    assert len(reminders(push_service)) == tried
    with app.app_context():
        assert db.session.scalars(db.select(Push)).all() == []


def test_a_newer_message_takes_its_place(app, api, cast, asked, device, push_service):
    paying.advance(app, HALF + 60)
    paying.say(api, cast.owner, asked, "Still there?")
    paying.advance(app, 10)
    assert push_service.payloads[-1]["body"] in ("Still there?", "2 new messages")
    assert len(reminders(push_service)) == 1


@pytest.mark.parametrize(("level", "sent"), [("urgent", 1), ("high", 0)])
def test_quiet_hours_put_it_off_unless_it_is_urgent(
    app, api, cast, expert, asked, device, push_service, level, sent
):
    paying.say(api, expert, asked, "First answer")
    paying.offer(api, expert, messageAnswerHours={"high": 4, "urgent": 4})
    body = {"conversationId": asked["id"], "content": "Now", "isPriority": True, "priorityLevel": level}
    api.as_(cast.owner).post("/api/messages", body, status=201)
    api.as_(expert).patch(
        "/api/users/me/notifications", {"quietFrom": 0, "quietUntil": 1439, "timeZone": "UTC"}
    )
    paying.advance(app, 2 * HOUR + 60)
    assert len(reminders(push_service)) == sent
