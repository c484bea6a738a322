"""Mails to those who have been away for hours: once, of what still waits, until they are back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lumina import clock
from lumina.errors import NotFound
from lumina.extensions import db
from lumina.models import Digest, User
from lumina.outlets import email
from lumina.services import digests, events, notices, preferences, presence, receipts
from tests.support import life, making
from tests.support.making import CONVERSATIONS

HOURS = 3600


@pytest.fixture(autouse=True)
def mailing(app):
    """Digests go out after eight hours."""
    config = app.config["LUMINA"]
    notices.configure(replace(config, smtp_url="smtp://mail.example", digest_hours=8))
    presence.use(presence.InMemory())
    yield
    notices.configure(config)
    presence.use(presence.InMemory())


@pytest.fixture
def mails(heard):
    def mails():
        found = [event for event in heard if isinstance(event, events.DigestDue)]
        heard.clear()
        return found

    return mails


@pytest.fixture
def talk(api, cast):
    return making.direct(api, cast.owner, cast.member)


def test_one_mail_once_somebody_has_been_away(app, api, cast, talk, swept, mails):
    group = making.group(api, cast.owner, cast.member, name="The mill")
    making.say(api, cast.owner, talk, "One", "Two")
    making.say(api, cast.owner, group, "Three")
    swept(3)
    swept(8 * HOURS - 60)
    assert mails() == []
    swept(120)
    [mail] = mails()
    assert (mail.email, mail.reader.id) == (cast.member.email, int(cast.member.id))
    assert {view.conversation.unread_count for view in mail.waiting} == {1, 2}
    making.say(api, cast.owner, talk, "Four")
    swept(20 * HOURS)
    assert mails() == []
    with app.app_context():
        presence.enter(int(cast.member.id), "a")
        list(presence.settle())
        presence.leave(int(cast.member.id), "a")
        presence.use(presence.InMemory())
    making.say(api, cast.owner, talk, "Five")
    swept(3)
    swept(9 * HOURS)
    assert len(mails()) == 1


def test_who_was_away_already_gets_it_soon(app, api, cast, talk, swept, mails):
    with app.app_context():
        db.session.get_one(User, int(cast.member.id)).last_seen_at = clock.now() - timedelta(days=2)
        db.session.commit()
    making.say(api, cast.owner, talk, "One")
    swept(3)
    swept(3)
    assert len(mails()) == 1


def test_what_was_read_or_deleted_waits_no_more(app, api, cast, talk, swept, mails):
    group = making.group(api, cast.owner, cast.member)
    [one] = making.say(api, cast.owner, talk, "One")
    [two] = making.say(api, cast.owner, group, "Two")
    swept(3)
    with app.app_context():
        receipts.mark_read(cast.member.user, talk["id"], one["id"])
    life.delete(api, cast.owner, two)
    swept(9 * HOURS)
    assert mails() == []


@pytest.mark.parametrize("why", ["online", "muted", "level", "wish", "late wish"])
def test_who_gets_none(app, api, cast, talk, swept, mails, why):
    with app.app_context():
        if why == "online":
            presence.enter(int(cast.member.id), "a")
        if why == "wish":
            preferences.change(cast.member.user, digest=False)
    if why == "muted":
        api.as_(cast.member).post(f"{CONVERSATIONS}/{talk['id']}/mute", {"muted": True})
    if why == "level":
        settings = {"settings": {"notificationLevel": "none"}}
        api.as_(cast.member).put(f"{CONVERSATIONS}/{talk['id']}/settings", settings)
    making.say(api, cast.owner, talk, "One")
    swept(3)
    with app.app_context():
        if why == "late wish":
            preferences.change(cast.member.user, digest=False)
    swept(9 * HOURS)
    assert mails() == []


def test_off_without_a_mail_server(app, api, cast, talk, swept):
    notices.configure(app.config["LUMINA"])
    making.say(api, cast.owner, talk, "One")
    swept(3)
    with app.app_context():
        assert db.session.scalars(db.select(Digest)).all() == []


def test_done_once_however_many_are_at_it(app, api, cast, talk, later, swept, mails):
    making.say(api, cast.owner, talk, "One")
    swept(3)
    later(9 * HOURS)
    with app.app_context():
        assert digests.give(None, int(cast.member.id)) is True
        assert digests.give(None, int(cast.member.id)) is False
    assert len(mails()) == 1


def mail_of(app, api, cast, swept, mails, **wishes):
    talk = making.direct(api, cast.owner, cast.member)
    group = making.group(api, cast.owner, cast.member, name="The mill")
    making.say(api, cast.owner, talk, "Good **morning**")
    making.say(api, cast.owner, group, "One", "Two")
    with app.app_context():
        preferences.change(cast.member.user, **wishes)
    swept(3)
    swept(9 * HOURS)
    [event] = mails()
    config = replace(app.config["LUMINA"], public_url="https://lumina.example")
    with app.app_context():
        return email._digest_mail(config, event)


def test_what_it_says(app, api, cast, swept, mails):
    mail = mail_of(app, api, cast, swept, mails)
    assert mail["Subject"] == "2 conversations wait for you"
    words = mail.get_content()
    for part in ("Hello Tomasz", "Mara Ellison: New message", "Good morning", "The mill: 2 new messages"):
        assert part in words
    assert "https://lumina.example/conversations/" in words
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_it_hides(app, api, cast, swept, mails):
    words = mail_of(app, api, cast, swept, mails, hide_content=True).get_content()
    assert "morning" not in words
    assert "Mara" not in words
    assert "A conversation: New message" in words


def test_its_link_ends_them(app, client, api, cast, swept, mails):
    mail = mail_of(app, api, cast, swept, mails)
    link = mail["List-Unsubscribe"].strip("<>").removeprefix("https://lumina.example")
    assert "Send me no such mails" in client.get(link).get_data(as_text=True)
    with app.app_context():
        assert preferences.of(int(cast.member.id)).digest is True
    answer = client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "no such mails any more" in answer.get_data(as_text=True)) == (200, True)
    with app.app_context():
        assert preferences.of(int(cast.member.id)).digest is False


def test_a_forged_link_does_nothing(inside, client, cast):
    for token in ("x", "1.x", digests._signer.dumps(987654321)):
        with pytest.raises(NotFound):
            digests.reader(token)
        assert client.post(f"/unsubscribe/{token}").status_code == 404


def test_in_development_it_is_written_down(app, api, cast, swept, mails, tmp_path):
    talk = making.direct(api, cast.owner, cast.member)
    making.say(api, cast.owner, talk, "One")
    swept(3)
    swept(9 * HOURS)
    [event] = mails()
    config = replace(app.config["LUMINA"], instance=tmp_path, smtp_url=None)
    with app.app_context():
        email.outlet_for(config)(event).send()
    [written] = (tmp_path / "mail").iterdir()
    assert b"A conversation waits for you" in written.read_bytes()
