"""Asking an expert by the form, as a browser without scripts posts it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from lumina import clock
from lumina.extensions import db
from lumina.models import Block
from lumina.services import ledger
from lumina.services.ledger import CLEARING, Account, Posting
from lumina.services.unit_of_work import operation
from tests.support import paying
from tests.support.life import read

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
QUESTION = "Does it count\r\nthis year?"


@pytest.fixture
def expert(api, cast):
    paying.offer(api, cast.member)
    return cast.member


@pytest.fixture
def rich(app, cast):
    paying.credit(app, cast.owner, 20_000)


@pytest.fixture
def form(owner, page, expert):
    """What the page's form holds by itself: form(question=...)."""

    def form(**fields):
        held = dict(HIDDEN.findall(page(f"/experts/{expert.id}/ask")))
        held.pop("csrf_token")
        return held | {"question": QUESTION} | fields

    return form


@pytest.fixture
def post(owner, expert):
    return lambda fields, status=303: owner.post(f"/experts/{expert.id}/ask", status=status, **fields)


@pytest.fixture
def conversations(api, cast):
    return lambda: api.as_(cast.owner).get("/api/messages/conversations")["conversations"]


@pytest.mark.usefixtures("rich")
def test_the_page_reads_as_the_decision(form, page, expert):
    html = page(f"/experts/{expert.id}/ask")
    told = (
        "$50.00",
        "7 days to talk, counted from the first answer",
        "48 h",
        "Answer due by",
        "No answer by then, no charge.",
        "In your wallet",
        "$200.00",
        "Held for this question",
        "−$50.00",
        "Left to spend",
        "$150.00",
        "Pay $50.00 and ask",
        "Tomasz is paid 72 hours after the answer, unless you object.",
        "You can cancel for free until Tomasz opens your question.",
    )
    places = [html.index(words, html.index("ask-card")) for words in told]
    assert places == sorted(places)


@pytest.mark.usefixtures("rich")
def test_paying_and_asking_is_one_step(api, cast, form, post, conversations, expert):
    location = post(form()).headers["Location"]
    [conversation] = conversations()
    assert location == f"/conversations/{conversation['id']}"
    said = [m["content"] for m in read(api, expert, conversation)["messages"] if m["messageType"] == "text"]
    assert said == ["Does it count\nthis year?"]
    assert paying.balances(api, cast.owner) == (15_000, 5000, 0)


@pytest.mark.usefixtures("rich")
def test_the_same_form_again_is_harmless(api, cast, form, post, page, expert):
    sent = form()
    assert post(sent).headers["Location"] == post(sent).headers["Location"]
    assert paying.balances(api, cast.owner) == (15_000, 5000, 0)
    html = page(f"/experts/{expert.id}/ask")
    assert "Your conversation with Tomasz is open" in html
    assert "<textarea" not in html


@pytest.mark.usefixtures("rich")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"conversationPriceMinor": 6050}, "The price is $60.50 now; it was $50.00."),
        ({"durationDays": 1}, "It buys 1 day to talk now; it was 7 days."),
        ({"answerHours": 72}, "An answer is due within 72 h now; it was 48 h."),
    ],
)
def test_what_has_changed_is_said_and_nothing_is_taken(api, cast, form, post, expert, change, words):
    sent = form()
    paying.offer(api, expert, **change)
    html = post(sent, 409).get_data(as_text=True)
    assert words in html
    assert "Nothing has been taken." in html
    assert ">Does it count\nthis year?</textarea>" in html
    assert paying.balances(api, cast.owner) == (20_000, 0, 0)
    # The page shows the new offer, and the next press agrees to it.
    held = dict(HIDDEN.findall(html))
    post({**held, "question": QUESTION})
    assert paying.balances(api, cast.owner)[1] == change.get("conversationPriceMinor", 5000)


def test_too_little_leads_to_a_top_up_and_back_with_the_question(app, api, cast, form, post, page, expert):
    paying.credit(app, cast.owner, 2050)
    html = page(f"/experts/{expert.id}/ask")
    assert "Top up $29.50" in html
    assert "Pay $50.00" not in html
    location = post(form(action="top_up")).headers["Location"]
    asked = parse_qs(urlsplit(location).query)
    assert urlsplit(location).path == "/wallet"
    assert asked == {"amount": ["2950"], "return_to": [f"/experts/{expert.id}/ask"]}
    paying.credit(app, cast.owner, 2950)
    html = page(f"/experts/{expert.id}/ask")
    assert ">Does it count\nthis year?</textarea>" in html
    assert "Pay $50.00 and ask" in html
    post(form())
    assert "Does it count" not in page(f"/experts/{expert.id}/ask")


def test_who_has_enough_meanwhile_comes_straight_back(app, cast, form, post, expert):
    sent = form(action="top_up")
    paying.credit(app, cast.owner, 5000)
    assert post(sent).headers["Location"] == f"/experts/{expert.id}/ask"


def test_paying_with_too_little_is_explained(api, cast, form, post, conversations):
    html = post(form(), 402).get_data(as_text=True)
    assert "Missing" in html
    assert "Top up $50.00" in html
    assert ">Does it count\nthis year?</textarea>" in html
    assert conversations() == []


def test_a_debt_is_repaid_first(app, cast, page, owner, expert):
    with app.app_context():
        take_back(cast.owner.user, 700)
    html = page(f"/experts/{expert.id}/ask")
    assert "Owed to us" in html
    assert "−$7.00" in html
    assert "Top up $57.00" in html


@operation()
def take_back(actor, amount_minor):
    moves = ledger.transfer(Account(actor.id, "available"), CLEARING, amount_minor)
    ledger.post(Posting("chargeback", "chargeback:test", moves, overdraw=True))


@pytest.mark.usefixtures("rich")
@pytest.mark.parametrize(("question", "words"), [("  ", "has a text"), ("x" * 10_001, "at most 10,000")])
def test_a_question_that_is_none(form, post, conversations, question, words):
    html = post(form(question=question), 400).get_data(as_text=True)
    assert words in html
    assert 'aria-describedby="question-error" aria-invalid="true"' in html
    assert f">{question}</textarea>" in html
    assert conversations() == []


@pytest.mark.usefixtures("rich")
@pytest.mark.parametrize("broken", ["price_minor", "duration_days", "answer_hours", "client_message_id"])
@pytest.mark.parametrize("value", ["", "x" * 70, "-1"])
def test_a_form_that_is_not_ours_buys_nothing(form, post, conversations, broken, value):
    if (broken, value) == ("client_message_id", "-1"):
        value = "nul\0"
    post(form(**{broken: value}), 400)
    assert conversations() == []


@pytest.mark.usefixtures("rich")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"open": False}, "takes no questions at the moment"),
        ({"maxUnanswered": 1}, "as many questions as they take"),
    ],
)
def test_an_offer_that_is_gone_meanwhile(app, api, cast, form, post, expert, change, words):
    sent = form()
    paying.offer(api, expert, **change)
    paying.credit(app, cast.outsider, 5000)
    if "maxUnanswered" in change:
        paying.ask(api, cast.outsider, expert)
    html = post(sent, 409).get_data(as_text=True)
    assert words in html
    assert ">Does it count\nthis year?</textarea>" in html
    assert "Pay $50.00" not in html


@pytest.mark.usefixtures("rich")
def test_a_block_is_told_before_anybody_pays(app, cast, form, post, page, expert):
    sent = form()
    with app.app_context():
        db.session.add(
            Block(blocker_id=int(expert.id), blocked_id=int(cast.owner.id), created_at=clock.now())
        )
        db.session.commit()
    assert "do not write to each other" in page(f"/experts/{expert.id}/ask")
    assert "do not write to each other" in post(sent, 403).get_data(as_text=True)


@pytest.mark.usefixtures("rich")
def test_one_s_own_offer(api, cast, owner, page, form):
    sent = form()
    paying.offer(api, cast.owner)
    assert "Edit your offer" in page(f"/experts/{cast.owner.id}/ask")
    html = owner.post(f"/experts/{cast.owner.id}/ask", status=400, **sent).get_data(as_text=True)
    assert "This is how clients see you." in html


@pytest.mark.usefixtures("rich")
def test_a_conversation_that_has_closed_is_renewed(api, form, post, page, conversations, expert):
    post(form())
    [asked] = conversations()
    paying.take(api, expert, asked["escrow"], "decline")
    assert "Ask Tomasz Novak again" in page(f"/experts/{expert.id}/ask")
    assert post(form(question="Once more?")).headers["Location"] == f"/conversations/{asked['id']}"
    assert len(conversations()) == 1


@pytest.mark.usefixtures("rich")
def test_an_id_used_elsewhere_is_told_and_the_next_press_works(api, cast, form, post, conversations):
    sent = form()
    group = {"type": "group", "participantIds": [cast.outsider.id]}
    made = api.as_(cast.owner).post("/api/messages/conversations", group)["conversation"]
    paying.say(api, cast.owner, made, "Hello", clientMessageId=sent["client_message_id"])
    html = post(sent, 409).get_data(as_text=True)
    assert "sent somewhere else already" in html
    post({**dict(HIDDEN.findall(html)), "question": QUESTION})
    assert len(conversations()) == 2


def test_what_is_being_written_is_kept(owner, page, expert):
    draft = f"/experts/{expert.id}/ask/draft"
    owner.post(draft, status=204, question="Does\r\nit?")
    assert ">Does\nit?</textarea>" in page(f"/experts/{expert.id}/ask")
    owner.post(draft, status=204, question="")
    assert "Does" not in page(f"/experts/{expert.id}/ask").split("<textarea")[1]
    owner.post("/experts/987654321/ask/draft", status=404, question="Does it?")
    owner.post("/experts/987654321/ask", status=404, question="Does it?", action="top_up")


@pytest.mark.usefixtures("rich")
def test_an_expert_who_is_gone_meanwhile(app, form, post, expert):
    sent = form()
    with app.app_context():
        expert.user.suspended_at = clock.now()
        db.session.commit()
    post(sent, 404)


@pytest.mark.usefixtures("expert")
def test_nobody_of_that_name(owner, form):
    for wrong in ("x", "987654321"):
        owner.post(f"/experts/{wrong}/ask", status=404, **form())
