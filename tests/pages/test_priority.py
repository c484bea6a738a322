"""The priority inbox as a browser without scripts, and as our own code, asks for it."""

import re

import pytest

from lumina.extensions import db
from lumina.models import Escrow
from lumina.services import priority
from tests.pages.conftest import FETCH, HTMX
from tests.support import files, making, paying
from tests.support.forms import Forms
from tests.support.paying import HOUR

NAMES = re.compile(r'class="queue-name">([^<]+)<')
ROWS = re.compile(r'id="owed-(\d+)"')


@pytest.fixture
def expert(api, cast):
    paying.offer(api, cast.member, maxUnanswered=3)
    return cast.member


@pytest.fixture
def asked(app, api, cast, expert):
    """The owner has paid the member, and asked."""
    paying.credit(app, cast.owner, 20_000)
    made = paying.ask(api, cast.owner, expert)
    paying.say(api, cast.owner, made, "Does it **count** this year?")
    return made


@pytest.fixture
def queue(page, client, expert):
    """The expert's browser: GETs a page's text."""
    Forms(client).sign_in(expert)
    return page


def test_a_question_stands_in_it_with_what_is_held(queue, asked):
    html = queue("/priority")
    assert NAMES.findall(html) == ["Mara Ellison"]
    assert "Does it count this year?" in html
    assert "1 waiting · $50.00 held" in html
    assert "Taking new questions, 2 of 3 places free" in html
    assert f'href="/priority/{asked["id"]}"' in html


def test_the_soonest_due_stands_first_then_the_level_then_who_waits_longest(app, api, cast, queue, asked):
    paying.offer(api, cast.member, messageAnswerHours={"high": 48, "urgent": 48}, maxUnanswered=3)
    paying.credit(app, cast.outsider, 20_000)
    late = paying.ask(api, cast.outsider, cast.member)
    now = paying.escrow(api, cast.owner, asked["escrow"])["answerBy"]
    high, urgent = (
        api.as_(cast.owner).post(
            "/api/messages",
            {"conversationId": asked["id"], "content": level, "isPriority": True, "priorityLevel": level},
            status=201,
        )["message"]["escrow"]
        for level in ("high", "urgent")
    )
    assert now < late["escrow"]["answerBy"]
    with app.app_context():
        same_time(asked["escrow"], late["escrow"], high, urgent)
    order = [urgent["id"], high["id"], asked["escrow"]["id"], late["escrow"]["id"]]
    assert ROWS.findall(queue("/priority")) == order


def same_time(*escrows):
    """As if all were due at the very moment at which the first is."""
    rows = [db.session.get_one(Escrow, int(escrow["id"])) for escrow in escrows]
    for row in rows:
        row.answer_by = rows[0].answer_by
    db.session.commit()


def test_what_is_not_written_yet_and_what_is_no_text_is_said_in_words(app, api, cast, expert, queue):
    paying.credit(app, cast.owner, 20_000)
    made = paying.ask(api, cast.owner, expert)
    assert "Has paid, but not written yet" in queue("/priority")
    upload = files.upload(api, cast.owner)
    api.as_(cast.owner).post(
        "/api/messages", {"conversationId": made["id"], "attachmentIds": [upload["id"]]}, status=201
    )
    assert 'data-attached="image"' in queue("/priority")


def test_an_answered_one_leaves(app, api, expert, queue, asked):
    paying.say(api, expert, asked, "It does.")
    html = queue("/priority")
    assert (NAMES.findall(html), "Nothing is owed" in html) == ([], True)
    paying.advance(app, 3 * HOUR)
    assert ROWS.findall(queue("/priority", headers=FETCH)) == []


def test_further_pages_go_on_where_the_last_ended(app, api, cast, queue, asked, monkeypatch):
    paying.credit(app, cast.outsider, 20_000)
    paying.ask(api, cast.outsider, cast.member)
    paying.urgent(api, cast.owner, asked, "By noon!")
    monkeypatch.setattr(priority.owed, "__kwdefaults__", {"cursor": None, "limit": 2})
    first = queue("/priority")
    [more] = set(re.findall(r'href="(/priority\?cursor=[^"]+)"', first))
    second = queue(more, headers=HTMX)
    found = ROWS.findall(first) + ROWS.findall(second)
    assert len(found) == len(set(found)) == 3
    assert "more-rows" not in second
    assert "<html" in queue(more)
    queue("/priority?cursor=nonsense", status=400)


def test_a_question_opens_beside_the_queue(queue, asked):
    html = queue(f"/priority/{asked['id']}")
    assert "Your answer earns $50.00" in html
    assert "Decline and refund $50.00" in html
    assert NAMES.findall(html) == ["Mara Ellison"]
    fragment = queue(f"/priority/{asked['id']}", headers=HTMX)
    assert "Your answer earns $50.00" in fragment
    assert "queue-row" not in fragment


def test_looking_opens_nothing(api, cast, queue, asked):
    queue(f"/priority/{asked['id']}")
    paying.take(api, cast.owner, asked["escrow"], "cancel")


def test_an_answer_earns_all_that_is_held_there_less_the_fee(app, api, cast, expert, queue, asked):
    paying.urgent(api, cast.owner, asked, "By noon!")
    bar = queue(f"/priority/{asked['id']}/answer", headers=FETCH)
    assert "Your answer earns $70.00" in bar
    assert "Decline and refund $70.00" in bar
    assert "Decline the urgent message and refund $20.00" in bar
    paying.say(api, expert, asked, "Yes")
    assert "earns" not in queue(f"/priority/{asked['id']}/answer", headers=FETCH)


def test_declining_gives_the_money_back(api, cast, client, queue, asked):
    path = f"/priority/escrows/{asked['escrow']['id']}/decline"
    html = Forms(client).post(path, status=200, headers=FETCH).get_data(as_text=True)
    assert "answer-bar" in html
    assert "Decline" not in html
    assert paying.balances(api, cast.owner) == (20_000, 0, 0)
    Forms(client).post(path, status=409)


def test_declining_without_a_script_says_what_has_happened(client, queue, asked):
    answer = Forms(client).post(f"/priority/escrows/{asked['escrow']['id']}/decline")
    assert answer.headers["Location"] == "/priority"
    assert "Declined. $50.00 is back with Mara." in queue("/priority")


def test_a_change_brings_the_row_and_how_it_stands(api, expert, queue, asked):
    path = f"/priority/escrows/{asked['escrow']['id']}"
    html = queue(path, headers=FETCH)
    assert ROWS.findall(html) == [asked["escrow"]["id"]]
    assert "1 waiting" in html
    assert queue("/priority/total") == '{"count":1}\n'
    paying.say(api, expert, asked, "Yes")
    html = queue(path, headers=FETCH)
    assert ROWS.findall(html) == []
    assert 'id="queue-total"></p>' in html


def test_parts_lead_to_their_page(client, queue, asked):
    for path, page in (
        ("escrows/" + asked["escrow"]["id"], ""),
        (asked["id"] + "/answer", "/" + asked["id"]),
    ):
        assert client.get(f"/priority/{path}").headers["Location"] == f"/priority{page}"


def test_new_questions_are_taken_or_not(api, client, expert, queue, asked):
    assert Forms(client).post("/priority/open", open="0").headers["Location"] == "/priority"
    assert "Not taking new questions" in queue("/priority")
    html = Forms(client).post("/priority/open", status=200, headers=HTMX, open="1").get_data(as_text=True)
    assert "Taking new questions, 2 of 3" in html
    paying.offer(api, expert, maxUnanswered=1)
    assert "Full: 1 of 1 places taken" in queue("/priority")


def test_who_is_no_expert_learns_how_to_become_one(page, owner, client):
    html = page("/priority")
    assert "Set up your offer" in html
    assert "/settings#" in html
    Forms(client).post("/priority/open", status=404, open="1")
    assert "Set up your offer" in page("/priority")


def test_an_outsider_finds_nothing(app, api, cast, asked):
    outsider = Forms(app.test_client()).sign_in(cast.outsider)
    escrow, conversation = asked["escrow"]["id"], asked["id"]
    for path in (f"/{conversation}", f"/{conversation}/answer", f"/escrows/{escrow}"):
        for headers in ({}, HTMX, FETCH):
            status = outsider.client.get(f"/priority{path}", headers=headers).status_code
            assert status == (303 if not headers and path.count("/") == 2 else 404), path
    outsider.post(f"/priority/escrows/{escrow}/decline", status=404)
    assert paying.escrow(api, cast.owner, asked["escrow"])["state"] == "held"


def test_a_client_declines_nothing_and_sees_no_row(app, cast, asked):
    owner = Forms(app.test_client()).sign_in(cast.owner)
    owner.post(f"/priority/escrows/{asked['escrow']['id']}/decline", status=403)
    bar = owner.client.get(f"/priority/{asked['id']}/answer", headers=FETCH).get_data(as_text=True)
    assert "earns" not in bar


def test_nobody_is_led_to_the_sign_in(client, asked):
    for path in ("/priority", f"/priority/{asked['id']}", "/priority/total"):
        assert client.get(path).headers["Location"].startswith("/login?next=")


def test_somebody_else_s_conversation_can_be_opened_without_a_bar(page, owner, api, cast):
    made = making.direct(api, cast.owner, cast.outsider)
    paying.offer(api, cast.owner)
    assert "earns" not in page(f"/priority/{made['id']}")
