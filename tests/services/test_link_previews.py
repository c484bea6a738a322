"""Previews of links: when one is wanted, what becomes of it, and that it is made once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from lumina import clock
from lumina.errors import Forbidden, NotFound
from lumina.extensions import db
from lumina.fetching import Fetcher
from lumina.models import LinkFetch, Message
from lumina.services import accounts, deletions, edits, events, expiry, link_previews, messages
from lumina.services.sweep import Sweeper
from tests.support import making

PAGE = """<!doctype html><html><head>
<title>Plain title</title>
<meta property="og:title" content="Harbour&amp;Sea">
<meta property="og:description" content="Where the   cranes are">
<meta property="og:site_name" content="The Port">
</head><body>"""


@pytest.fixture
def local(monkeypatch, site):
    """page.example is this machine; the site's addresses may be fetched."""

    def resolve(host, port):
        if host != "page.example":
            raise OSError("Name or service not known")
        return ["127.0.0.1"]

    fetcher = Fetcher(resolve=resolve, permits=lambda address: True, ports=range(1, 65536), seconds=2)
    monkeypatch.setattr(link_previews, "fetcher", fetcher)
    return fetcher


@pytest.fixture
def talk(api, cast):
    return making.group(api, cast.owner, cast.member)


@pytest.fixture
def later(monkeypatch):
    """Moves the time that counts."""
    moved = [timedelta()]
    monkeypatch.setattr(clock, "_offset", lambda: moved[0])

    def pass_(**by):
        moved[0] += timedelta(**by)

    return pass_


@pytest.fixture
def say(inside, cast, talk):
    """Sends a text in the owner's name; the message's id."""

    def send(content):
        return messages.send(cast.owner.user, talk["id"], content=content).message.id

    return send


@pytest.fixture
def meanwhile(inside, site, local, say):
    """Sends a link whose page comes only after something has been done with the message; the message's id."""

    def send(act):
        def answer(handler):
            with inside.app_context():
                act(message_id)
            site.page("/", PAGE)
            site.answers["/"](handler)

        message_id = say(site.does("/", answer))
        return message_id

    return send


def due():
    return [message_id for message_id, _ in link_previews.due(clock.now(), 50)]


def row(message_id):
    db.session.rollback()
    return db.session.get(LinkFetch, message_id, populate_existing=True)


def preview(message_id):
    db.session.rollback()
    return db.session.get_one(Message, message_id, populate_existing=True).link_preview


def test_a_link_becomes_a_preview(site, local, say, cast, heard):
    url = site.page("/harbour", PAGE)
    message_id = say(f"Look: {url}.")
    assert due() == [message_id]
    assert site.asked == []
    before = messages.find(cast.member.user, str(message_id)).message.version
    heard.clear()
    assert link_previews.carry_out(message_id)
    shown = {
        "url": url,
        "title": "Harbour&Sea",
        "description": "Where the cranes are",
        "siteName": "The Port",
    }
    assert preview(message_id) == shown
    [event] = heard
    assert isinstance(event, events.MessageUpdated)
    assert event.message.message.link_preview == shown
    assert event.message.message.version == before + 1
    assert due() == []
    assert not link_previews.carry_out(message_id)
    assert len(site.asked) == 1


def test_everybody_has_it_by_since(api, site, local, say, cast, talk):
    message_id = say(site.page("/", PAGE))
    version = api.as_(cast.member).get(f"{making.CONVERSATIONS}/{talk['id']}")["conversation"]["version"]
    link_previews.carry_out(message_id)
    changed = api.as_(cast.member).get(f"{making.CONVERSATIONS}/{talk['id']}", since=version)["messages"]
    assert [message["linkPreview"]["title"] for message in changed] == ["Harbour&Sea"]


def test_the_sweep_makes_it(site, local, say):
    message_id = say(site.page("/", PAGE))
    list(Sweeper(link_previews.JOBS).sweep())
    assert preview(message_id)["title"] == "Harbour&Sea"


@pytest.mark.parametrize("content", ["Hello", "`https://page.example/`", "ftp://page.example/", "https://"])
def test_no_link_no_preview(say, content):
    say(content)
    assert due() == []
    assert db.session.query(LinkFetch).count() == 0


def test_one_who_wants_none(say, cast):
    accounts.update_profile(cast.owner.user, link_previews=False)
    say("https://page.example/")
    assert due() == []
    accounts.update_profile(cast.owner.user, link_previews=True)
    assert due() == []
    say("https://page.example/")
    assert len(due()) == 1


def test_a_deployment_that_makes_none(say, app, monkeypatch):
    left = say("https://page.example/")
    monkeypatch.setattr(link_previews, "_enabled", None)
    link_previews.configure(replace(app.config["LUMINA"], link_previews=False))
    say("https://page.example/")
    assert due() == []
    link_previews.configure(app.config["LUMINA"])
    assert due() == [left]


@pytest.mark.parametrize("html", ["", "<title> </title>", "<p>No head", "\0"])
def test_a_page_without_a_title(site, local, say, html):
    message_id = say(site.page("/", html))
    assert link_previews.carry_out(message_id)
    assert preview(message_id) is None
    assert (row(message_id).due_at, due()) == (None, [])


def test_what_is_no_page_is_not_asked_for_again(site, local, say, heard, later):
    message_id = say(site.page("/", "{}", Content_Type="application/json"))
    heard.clear()
    assert link_previews.carry_out(message_id)
    later(days=1)
    assert (preview(message_id), due(), heard) == (None, [], [])


def test_a_private_address_is_not_asked(site, say, monkeypatch):
    message_id = say(f"http://127.0.0.1:{site.port}/ http://page.example/")
    assert link_previews.carry_out(message_id)
    assert (preview(message_id), due(), site.asked) == (None, [], [])


def test_a_network_that_fails_is_tried_once_more(site, local, say, later):
    message_id = say(site.page("/", PAGE, 503))
    assert link_previews.carry_out(message_id)
    assert (due(), len(site.asked)) == ([], 1)
    later(minutes=2)
    site.page("/", PAGE)
    assert due() == [message_id]
    assert link_previews.carry_out(message_id)
    assert preview(message_id)["title"] == "Harbour&Sea"


def test_and_then_given_up(site, local, say, later):
    message_id = say(site.page("/", PAGE, 503))
    for _ in range(2):
        link_previews.carry_out(message_id)
        later(minutes=2)
    assert (row(message_id).due_at, due(), len(site.asked)) == (None, [], 2)


def test_what_ends_a_process_twice_is_not_tried_again(site, local, say, later, monkeypatch):
    message_id = say(site.page("/", PAGE))

    def die(url):
        raise SystemExit

    monkeypatch.setattr(link_previews, "_look", die)
    for _ in range(2):
        assert due() == [message_id]
        with pytest.raises(SystemExit):
            link_previews.carry_out(message_id)
        assert due() == []
        later(minutes=2)
    assert not link_previews.carry_out(message_id)
    assert (row(message_id).due_at, due()) == (None, [])


def test_several_at_once_fetch_once(app, site, local, say):
    message_id = say(site.page("/", PAGE))
    db.session.remove()
    gate = threading.Barrier(4)

    def carry_out(_):
        gate.wait()
        with app.app_context():
            return link_previews.carry_out(message_id)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(carry_out, range(4))) == [False, False, False, True]
    assert len(site.asked) == 1


def test_no_transaction_is_open_while_it_is_fetched(meanwhile, say):
    """Somebody writes to the same conversation meanwhile."""
    message_id = meanwhile(lambda _: say("Meanwhile"))
    assert link_previews.carry_out(message_id)
    assert preview(message_id)


def test_editing_to_another_link(site, local, say, cast, heard):
    message_id = say(site.page("/", PAGE))
    link_previews.carry_out(message_id)
    other = site.page("/other", "<title>Other</title>")
    view = edits.edit(cast.owner.user, str(message_id), f"No, {other}")
    assert view.message.link_preview is None
    assert due() == [message_id]
    link_previews.carry_out(message_id)
    assert (preview(message_id)["url"], preview(message_id)["title"]) == (other, "Other")


def test_editing_other_words_keeps_it(site, local, say, cast):
    url = site.page("/", PAGE)
    message_id = say(url)
    link_previews.carry_out(message_id)
    view = edits.edit(cast.owner.user, str(message_id), f"Look: {url}")
    assert view.message.link_preview["title"] == "Harbour&Sea"
    assert due() == []


def test_editing_the_link_away(site, local, say, cast):
    message_id = say(site.page("/", PAGE))
    link_previews.carry_out(message_id)
    view = edits.edit(cast.owner.user, str(message_id), "Never mind")
    assert (view.message.link_preview, row(message_id), due()) == (None, None, [])


def test_a_link_that_comes_by_an_edit(site, local, say, cast):
    message_id = say("Wait")
    edits.edit(cast.owner.user, str(message_id), site.page("/", PAGE))
    assert due() == [message_id]


@pytest.mark.parametrize("text", ["Never mind", "http://elsewhere.example/"])
def test_an_edit_while_it_is_fetched(meanwhile, cast, text):
    message_id = meanwhile(lambda of: edits.edit(cast.owner.user, str(of), text))
    assert not link_previews.carry_out(message_id)
    assert preview(message_id) is None


def test_a_deletion_while_it_is_fetched(meanwhile, cast):
    message_id = meanwhile(lambda of: deletions.delete(cast.owner.user, str(of)))
    link_previews.carry_out(message_id)
    assert preview(message_id) is None


def test_a_removal_before_there_is_anything_to_remove(meanwhile, cast):
    message_id = meanwhile(lambda of: link_previews.remove(cast.owner.user, str(of)))
    assert not link_previews.carry_out(message_id)
    assert preview(message_id) is None


def test_an_expiry_takes_it_away(site, local, inside, cast, talk, later):
    soon = clock.now() + timedelta(minutes=1)
    sent = messages.send(cast.owner.user, talk["id"], content=site.page("/", PAGE), expires_at=soon).message
    link_previews.carry_out(sent.id)
    later(minutes=2)
    assert expiry.expire(None, int(talk["id"]))
    assert (preview(sent.id), row(sent.id)) == (None, None)


def test_removing(site, local, say, cast, heard):
    url = site.page("/", PAGE)
    message_id = say(url)
    link_previews.carry_out(message_id)
    before = messages.find(cast.owner.user, str(message_id)).message.version
    heard.clear()
    view = link_previews.remove(cast.owner.user, str(message_id))
    assert (view.message.link_preview, view.message.version) == (None, before + 1)
    assert [type(event) for event in heard] == [events.MessageUpdated]
    view = edits.edit(cast.owner.user, str(message_id), f"Again: {url}")
    assert (view.message.link_preview, due()) == (None, [])
    edits.edit(cast.owner.user, str(message_id), f"{url}other")
    assert due() == [message_id]


def test_removing_nothing_changes_nothing(say, cast, heard):
    message_id = say("Hello")
    heard.clear()
    view = link_previews.remove(cast.owner.user, str(message_id))
    assert (view.message.version, heard) == (1, [])


def test_only_the_sender_removes_it(site, local, say, cast):
    message_id = say(site.page("/", PAGE))
    link_previews.carry_out(message_id)
    with pytest.raises(Forbidden) as refusal:
        link_previews.remove(cast.member.user, str(message_id))
    assert refusal.value.code == "not_the_sender"
    with pytest.raises(NotFound):
        link_previews.remove(cast.outsider.user, str(message_id))
    assert preview(message_id)
