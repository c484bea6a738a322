"""Finding an expert and looking at one, by the pages and without scripts."""

import re

import pytest

from lumina.services import preferences
from tests.pages.conftest import HTMX
from tests.support import making, paying

CARD = re.compile(r'<a href="/experts/(\d+)">')


@pytest.fixture
def expert(api, cast):
    api.as_(cast.member).put("/api/experts/me", {"headline": "Contract lawyer", "bio": "I read **leases**."})
    return cast.member


@pytest.fixture
def profile(owner, page, expert):
    """The expert's page, as the owner sees it."""
    return lambda: page(f"/experts/{expert.id}")


def test_the_rail_leads_there_and_tells_experts_what_they_owe(app, api, cast, owner, page):
    html = page("/experts")
    assert 'href="/experts" aria-current="page"' in html
    assert "data-owed" not in html
    paying.offer(api, cast.owner)
    assert re.search("data-owed hidden>0<", page("/experts"))
    paying.credit(app, cast.member, 5000)
    paying.ask(api, cast.member, cast.owner)
    assert "data-owed>1<" in page("/experts")
    making.say(api, cast.member, making.direct(api, cast.member, cast.owner), "Good morning")
    assert owner.client.get("/waiting").get_json() == {"unread": 1, "owed": 1}


def test_nobody_owes_anything_who_is_no_expert(owner):
    assert owner.client.get("/waiting").get_json() == {"unread": 0, "owed": 0}


def test_the_directory(app, api, cast, owner, page, expert):
    assert "answers within 48 h" in page("/experts")
    paying.credit(app, cast.owner, 5000)
    asked = paying.ask(api, cast.owner, expert)
    paying.advance(app, 5 * paying.HOUR)
    paying.say(api, expert, asked, "Yes")
    html = page("/experts")
    for words in ("Tomasz Novak", "Contract lawyer", "$50.00", "answers in about 5 h", "Take paid questions"):
        assert words in html
    paying.offer(api, expert, open=False)
    html = page("/experts")
    assert "Closed" in html
    assert "$50.00" not in html


def test_a_full_one_is_marked(app, api, cast, owner, page, expert):
    paying.offer(api, expert, maxUnanswered=1)
    paying.credit(app, cast.outsider, 5000)
    paying.ask(api, cast.outsider, expert)
    assert "Full" in page("/experts")
    html = page(f"/experts/{expert.id}")
    assert "No places are free." in html
    assert "as many questions as they take" in html
    assert f"/experts/{expert.id}/ask" not in html


def test_search_keeps_what_was_asked(owner, page, expert):
    assert CARD.findall(page("/experts?query=LAWYER")) == [expert.id]
    html = page("/experts?query=zzz")
    assert CARD.findall(html) == []
    assert 'value="zzz"' in html
    assert "Nobody found" in html


def test_an_empty_directory_says_so(owner, page):
    assert "No experts yet" in page("/experts")


def test_further_pages_by_link_and_by_htmx(app, cast, owner, page):
    ids = making.crowd(app, 30, "Able")
    making.offers(app, ids, cast.member)
    html, seen = page("/experts?query=able"), []
    while True:
        seen += CARD.findall(html)
        more = re.search(r'href="(/experts\?query=able&amp;cursor=[^"]+)"', html)
        if not more:
            break
        html = page(more[1].replace("&amp;", "&"), headers=HTMX)
        assert "<html" not in html
    assert seen == ids


def test_a_profile(profile):
    html = profile()
    for words in (
        "<h1>Tomasz Novak</h1>",
        "I read <strong>leases</strong>.",
        "7 days to talk, counted from the first answer",
        "No answer by then, no charge.",
        "All $50.00 is back in your wallet by itself",
        "Ask for $50.00",
        "$10.00",
        "$20.00",
        "Takes 10 questions at once. 10 places are free.",
    ):
        assert words in html


def test_markup_in_a_bio_is_text(api, expert, profile):
    body = {"bio": "<script>alert(1)</script> [x](javascript:alert(1))", "headline": "<b>bold</b>"}
    api.as_(expert).put("/api/experts/me", body)
    html = profile()
    assert "<script>alert" not in html
    assert 'href="javascript' not in html
    assert "&lt;b&gt;bold" in html


def test_where_they_are_is_told_if_it_is_known(app, expert, profile):
    assert "there now" not in profile()
    with app.app_context():
        preferences.change(expert.user, time_zone="America/Argentina/Buenos_Aires")
    html = profile()
    assert re.search(r"Buenos Aires, <local-time [^>]*>\d\d:\d\d</local-time> there now", html)
    assert re.search(r"\w{3} \d+ \w{3}, \d\d:\d\d in Buenos Aires", html)


def test_without_script_the_deadline_is_in_the_zone_that_is_set(app, cast, profile):
    assert re.search(r"\d\d:\d\d in UTC", profile())
    with app.app_context():
        preferences.change(cast.owner.user, time_zone="Asia/Tokyo")
    assert re.search(r"\d\d:\d\d in Tokyo", profile())


def test_presence_is_mutual(app, api, cast, expert, profile, open_socket):
    open_socket(token=expert.token)
    assert f'data-peer-id="{expert.id}" data-online="true"' in profile()
    api.as_(cast.owner).patch("/api/users/me", {"showPresence": False})
    assert 'data-online="true"' not in profile()
    api.as_(cast.owner).patch("/api/users/me", {"showPresence": True})
    api.as_(expert).patch("/api/users/me", {"showPresence": False})
    assert 'data-online="true"' not in profile()


def test_one_s_own_profile_is_edited_not_asked(api, cast, owner, page):
    paying.offer(api, cast.owner)
    html = page(f"/experts/{cast.owner.id}")
    assert 'href="/settings#offer">Edit your offer' in html
    assert f"/experts/{cast.owner.id}/ask" not in html


def test_an_open_conversation_is_led_to(app, api, cast, profile, expert):
    paying.credit(app, cast.owner, 20_000)
    asked = paying.ask(api, cast.owner, expert)
    html = profile()
    assert f'href="/conversations/{asked["id"]}">Open your conversation' in html
    assert f"/experts/{expert.id}/ask" not in html
    paying.take(api, expert, asked["escrow"], "decline")
    html = profile()
    assert "Ask Tomasz again" in html
    assert f"/experts/{expert.id}/ask" in html


def test_others_are_named(app, cast, profile):
    assert "Other experts" not in profile()
    making.offers(app, making.crowd(app, 4, "Other"), cast.outsider)
    html = profile()
    assert "Other experts" in html
    assert html.count("expert-card card") == 3


def test_who_is_none_is_not_found(owner, page, cast):
    for path in (
        f"/experts/{cast.outsider.id}",
        "/experts/987654321",
        "/experts/x",
        "/experts/987654321/ask",
    ):
        page(path, status=404)


def test_nobody_is_led_to_the_sign_in(client):
    for path in ("/experts", "/experts/1", "/experts/1/ask", "/experts?query=a"):
        assert client.get(path).headers["Location"].startswith("/login?next=%2Fexperts")
