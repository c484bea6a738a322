"""Cards of links: they come by themselves, move nothing that is read, and go when their sender says so."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE
from tests.support.server import Server

pytestmark = ON_SQLITE
PAGE = """<!doctype html><html><head><title>Levain for a cool kitchen</title>
<meta property="og:description" content="Feeding by room temperature, with tables for every season and flour">
<meta property="og:site_name" content="Crumb notes"></head><body>"""
HOSTILE = """<title>&lt;img src=x onerror=ran=1&gt;</title>
<meta name=description content="&quot;onmouseover=&quot;ran=1">
<meta property=og:site_name content="</a><script>ran=1</script>">"""


class ServerWithASite(Server):
    program = ("-m", "tests.support.server_with_a_site")


@pytest.fixture(scope="module")
def live_server(new_database, tmp_path_factory):
    server = ServerWithASite(new_database("previews"), tmp_path_factory.mktemp("previews"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def conversation(talk, mara, tomasz):
    return talk.group(mara, tomasz)


def card(window):
    return window.page.locator(".link-card")


def test_a_card_comes_live_to_everybody(inbox, site, mara, tomasz, conversation):
    one, other = inbox(mara, conversation), inbox(tomasz, conversation)
    one.send(f"So this is wrong? {site.page('/cool', PAGE)}")
    for window in (one, other):
        expect(card(window)).to_contain_text("Levain for a cool kitchen")
        expect(card(window)).to_contain_text("Crumb notes · page.example")
        expect(card(window)).to_contain_text("Feeding by room temperature")
        expect(card(window)).to_have_attribute("href", f"{site.url}/cool")
    assert len(site.asked) == 1
    other.page.reload()
    expect(card(other)).to_have_count(1)


def test_its_sender_removes_it(inbox, talk, site, mara, tomasz, conversation):
    talk.say(mara, conversation, site.page("/", PAGE))
    one, other = inbox(mara, conversation), inbox(tomasz, conversation)
    expect(card(one)).to_have_count(1)
    expect(card(other)).to_have_count(1)
    card(other).hover()
    expect(other.page.locator(".link-remove")).not_to_be_visible()
    card(one).hover()
    one.page.locator(".link-remove").click()
    expect(card(one)).to_have_count(0)
    expect(card(other)).to_have_count(0)


def test_an_edit_changes_it(inbox, talk, site, mara, tomasz, conversation):
    [message] = talk.say(mara, conversation, site.page("/", PAGE))
    window = inbox(tomasz, conversation)
    expect(card(window)).to_contain_text("Levain")
    talk.edit(mara, message, site.page("/other", "<title>Rye</title>"))
    expect(card(window)).to_contain_text("Rye")
    talk.edit(mara, message, "Never mind")
    expect(card(window)).to_have_count(0)


def test_hostile_words_stay_words(inbox, talk, site, mara, conversation):
    talk.say(mara, conversation, site.page("/", HOSTILE))
    window = inbox(mara, conversation)
    expect(card(window)).to_contain_text("<img src=x onerror=ran=1>")
    expect(card(window).locator(":not(span)")).to_have_count(0)
    assert window.page.evaluate("window.ran") is None


@pytest.mark.parametrize("scrolled", [0, -150])
def test_what_is_read_stays_where_it_is(inbox, talk, site, mara, tomasz, conversation, scrolled):
    """The card makes an older message taller; below it somebody reads, and at the end somebody follows."""
    ids = talk.say(mara, conversation, *(f"Number {number}" for number in range(20)))
    talk.read(tomasz, conversation, ids[-1])
    window = inbox(tomasz, conversation, viewport={"width": 1000, "height": 420})
    read = window.bubble("Number 14" if scrolled else "Number 19")
    expect(window.bubble("Number 19")).to_be_in_viewport()
    window.page.locator("message-list").hover()
    window.page.mouse.wheel(0, scrolled)
    window.page.wait_for_timeout(300)
    before = read.bounding_box()["y"]
    talk.edit(mara, ids[0], site.page("/", PAGE))
    expect(card(window)).to_have_count(1)
    window.page.wait_for_timeout(300)
    assert abs(read.bounding_box()["y"] - before) < 1


def test_who_wants_none_sends_none(inbox, talk, site, mara, conversation):
    window = inbox(mara)
    window.page.goto("/settings")
    window.page.get_by_label(re.compile("Show previews")).uncheck()
    window.page.locator("#privacy").get_by_role("button", name="Save").click()
    expect(window.page.get_by_text("Saved.")).to_be_visible()
    expect(window.page.get_by_label(re.compile("Show previews"))).not_to_be_checked()
    talk.say(mara, conversation, site.page("/", PAGE))
    time.sleep(2)
    assert site.asked == []
