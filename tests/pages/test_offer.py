"""One's own price list in the settings."""

import pytest

from tests.support import paying

FORM = {
    "offer-is_open": "y",
    "offer-headline": "Contract lawyer",
    "offer-bio": "Leases\r\nand letters",
    "offer-conversation_price_minor": "49.50",
    "offer-duration_days": "5",
    "offer-answer_hours": "24",
    "offer-high_price_minor": "15",
    "offer-high_answer_hours": "12",
    "offer-urgent_price_minor": "30,25",
    "offer-urgent_answer_hours": "2",
    "offer-max_unanswered": "3",
}


@pytest.fixture
def offer(api, cast):
    """The owner's offer, as the outsider finds it."""
    return lambda: api.as_(cast.outsider).get(f"/api/experts/{cast.owner.id}")["expert"]


def test_the_first_save_makes_one_an_expert(owner, page, offer, cast):
    html = page("/settings")
    assert "Start taking questions" in html
    assert 'value="50.00"' in html
    assert owner.post("/settings/offer", **FORM).headers["Location"] == "/settings#offer"
    found = offer()
    assert (found["headline"], found["bio"]) == ("Contract lawyer", "Leases\nand letters")
    assert found["offer"] == {
        "conversationPriceMinor": 4950,
        "durationDays": 5,
        "answerHours": 24,
        "messagePricesMinor": {"high": 1500, "urgent": 3025},
        "messageAnswerHours": {"high": 12, "urgent": 2},
        "maxUnanswered": 3,
        "open": True,
        "full": False,
    }
    html = page("/settings")
    for shown in ('value="49.50"', 'value="30.25"', "Leases\nand letters</textarea>", "Saved."):
        assert shown in html
    assert f'href="/experts/{cast.owner.id}">See it as clients do' in html
    assert "Start taking questions" not in html


def test_an_offer_is_closed_by_its_switch(owner, page, offer):
    owner.post("/settings/offer", **{name: text for name, text in FORM.items() if name != "offer-is_open"})
    assert offer()["offer"]["open"] is False
    assert 'id="offer-is_open" name="offer-is_open" type="checkbox" value="y"' in page("/settings")


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("conversation_price_minor", "0", "From $0.01 to $1,000,000.00."),
        ("conversation_price_minor", "1000000.01", "From $0.01 to $1,000,000.00."),
        ("conversation_price_minor", "9.999", "This is no amount."),
        ("conversation_price_minor", "fifty", "This is no amount."),
        ("conversation_price_minor", "1e3", "This is no amount."),
        ("conversation_price_minor", "-5", "This is no amount."),
        ("conversation_price_minor", "٥", "This is no amount."),
        ("conversation_price_minor", "", "This is no amount."),
        ("high_price_minor", "1,250", "This is no amount."),
        ("urgent_price_minor", "9" * 40, "This is no amount."),
        ("duration_days", "366", "From 1 to 365."),
        ("answer_hours", "1.5", "From 1 to 720."),
        ("high_answer_hours", "721", "From 1 to 720."),
        ("urgent_answer_hours", "0", "From 1 to 720."),
        ("max_unanswered", "1001", "From 1 to 1,000."),
        ("headline", "x" * 121, "At most 120 characters."),
        ("bio", "x" * 2001, "At most 2000 characters."),
        ("bio", "nul \0", "characters that cannot be kept"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(owner, api, cast, field, typed, words):
    sent = FORM | {f"offer-{field}": typed}
    html = owner.post("/settings/offer", status=400, **sent).get_data(as_text=True)
    assert words in html
    assert f'aria-invalid="true" aria-describedby="offer-{field}-error"' in html
    assert html.count('aria-invalid="true"') == 1
    for name, text in sent.items():
        if name != "offer-is_open" and "\0" not in text:
            shown = text.replace("\r\n", "\n")
            assert f'value="{shown}"' in html or f">{shown}</textarea>" in html
    api.as_(cast.outsider).get(f"/api/experts/{cast.owner.id}", status=404)


def test_what_is_not_changed_stays(owner, api, cast, offer):
    paying.offer(api, cast.owner, conversationPriceMinor=1)
    owner.post("/settings/offer", **FORM | {"offer-conversation_price_minor": "0.01"})
    assert offer()["offer"]["conversationPriceMinor"] == 1
