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


def test_an_answer_earns_all_that_is_held_there_and_each_may_be_declined(api, cast, expert, queue, asked):
    paying.urgent(api, cast.owner, asked, "By noon!")
    html = queue(f"/priority/{asked['id']}")
    assert "Your answer earns $70.00" in html
    assert "Decline and refund $70.00" in html
    assert "Decline the urgent message and refund $20.00" in html
    paying.say(api, expert, asked, "Yes")
    html = queue(f"/priority/{asked['id']}")
    assert ("earns" in html, "Decline" in html) == (False, False)


def test_declining_gives_the_money_back(api, cast, client, queue, asked):
    [path] = set(re.findall(r'action="(/escrows/\d+/decline)"', queue(f"/priority/{asked['id']}")))
    Forms(client).post(path)
    assert paying.balances(api, cast.owner) == (20_000, 0, 0)
    assert ROWS.findall(queue("/priority")) == []


def test_a_change_brings_the_row_and_how_it_stands(api, expert, queue, asked):
    path = f"/priority/escrows/{asked['escrow']['id']}"
    html = queue(path, headers=FETCH)
    assert ROWS.findall(html) == [asked["escrow"]["id"]]
    assert "1 waiting" in html
    paying.say(api, expert, asked, "Yes")
    html = queue(path, headers=FETCH)
    assert ROWS.findall(html) == []
    assert 'id="queue-total"></p>' in html


def test_after_a_time_without_a_connection_all_of_it_is_asked_for(queue, asked):
    html = queue("/priority", headers=FETCH)
    assert ROWS.findall(html) == [asked["escrow"]["id"]]
    assert "1 waiting" in html
    assert "places free" in html
    assert "<html" not in html


def test_a_part_leads_to_its_page(client, queue, asked):
    answer = client.get(f"/priority/escrows/{asked['escrow']['id']}")
    assert answer.headers["Location"] == "/priority"


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


@pytest.mark.parametrize("headers", [HTMX, FETCH])
def test_an_outsider_finds_nothing(app, api, cast, asked, headers):
    paying.offer(api, cast.outsider)
    outsider = Forms(app.test_client()).sign_in(cast.outsider).client
    for path in (asked["id"], f"escrows/{asked['escrow']['id']}", "987654321", "escrows/987654321"):
        assert outsider.get(f"/priority/{path}", headers=headers).status_code == 404, path
    assert outsider.get(f"/priority/{asked['id']}").status_code == 404
    assert ROWS.findall(outsider.get("/priority").get_data(as_text=True)) == []


def test_the_client_sees_no_row_of_it(app, api, cast, asked):
    paying.offer(api, cast.owner)
    owner = Forms(app.test_client()).sign_in(cast.owner).client
    assert ROWS.findall(owner.get("/priority").get_data(as_text=True)) == []
    change = owner.get(f"/priority/escrows/{asked['escrow']['id']}", headers=FETCH)
    assert ROWS.findall(change.get_data(as_text=True)) == []


def test_nobody_is_led_to_the_sign_in(client, asked):
    for path in ("/priority", f"/priority/{asked['id']}"):
        assert client.get(path).headers["Location"].startswith("/login?next=")


def test_where_nothing_is_owed_nothing_is_declined(page, owner, api, cast):
    made = making.direct(api, cast.owner, cast.outsider)
    paying.offer(api, cast.owner)
    assert "earns" not in page(f"/priority/{made['id']}")
