"""Coming in, going out, and a forgotten password, by the real pages."""

import email
import re

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE
from tests.support.waiting import eventually

pytestmark = ON_SQLITE
LINK = re.compile(r"http\S+/reset/\S+")


def fill(page, **fields):
    """Fills a form in, and sends it with Enter."""
    for name, text in fields.items():
        page.fill(f"[name={name}]", text)
    page.press(f"[name={name}]", "Enter")


def mails_to(server, person):
    folder = server.log.parent / "mail"
    mails = [email.message_from_bytes(file.read_bytes()) for file in sorted(folder.glob("*.eml"))]
    return [mail.get_payload(decode=True).decode() for mail in mails if mail["To"] == person.email]


@pytest.fixture
def page(visitor):
    return visitor()


def test_register(page, mara):
    page.goto("/login")
    page.get_by_role("link", name="Create an account").click()
    address = f"new.{mara.email}"
    fill(page, first_name="Ada", last_name="Byron", email=address, password="a few words in a row")
    page.wait_for_url("**/conversations")
    expect(page.locator("[data-empty]").get_by_role("heading", name="No conversations yet")).to_be_visible()
    page.get_by_role("link", name="Ada Byron, your profile").click()
    expect(page.get_by_text(address)).to_be_visible()


def test_a_refused_registration_loses_nothing(page, mara):
    page.goto("/register")
    fill(page, first_name="Mara", last_name="Again", email=mara.email, password="short")
    expect(page.get_by_label("Password", exact=True)).to_have_accessible_description(re.compile("8 to 200"))
    expect(page.get_by_label("First name")).to_have_value("Mara")
    expect(page.get_by_label("Email")).to_have_value(mara.email)
    fill(page, password="a few words in a row")
    expect(page.get_by_label("Email")).to_have_accessible_description(re.compile(r"\w"))
    expect(page.get_by_label("Last name")).to_have_value("Again")


def test_a_wrong_password_is_said_beside_the_field(page, mara):
    page.goto("/login")
    fill(page, email=mara.email, password="not it")
    field = page.get_by_label("Password", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile(r"\w"))
    expect(page.get_by_label("Email")).to_have_value(mara.email)
    fill(page, password=mara.password)
    page.wait_for_url("**/conversations")


def test_a_password_can_be_looked_at(page):
    page.goto("/login")
    page.fill("[name=password]", "seen")
    page.get_by_role("button", name="Show password").click()
    expect(page.locator("[name=password]")).to_have_attribute("type", "text")


def test_sign_out(inbox, mara):
    page = inbox(mara).page
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/login")
    page.goto("/conversations")
    page.wait_for_url("**/login?next=%2Fconversations")
    page.go_back()
    assert "Inbox" not in page.locator("h1").all_text_contents()


def test_a_forgotten_password(visitor, live_server, mara):
    page = visitor()
    page.goto("/login")
    page.get_by_role("link", name="Forgot it?").click()
    fill(page, email=mara.email)
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
    [mail] = eventually(lambda: mails_to(live_server, mara))
    page.goto(LINK.search(mail)[0])
    fill(page, password="another few words")
    page.wait_for_url("**/login")
    expect(page.get_by_role("status").filter(has_text="Your new password is set")).to_be_visible()
    fill(page, email=mara.email, password=mara.password)
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("aria-invalid", "true")
    fill(page, password="another few words")
    page.wait_for_url("**/conversations")
    # A window of its own: this one's page may be on its way elsewhere.
    page = visitor()
    page.goto(LINK.search(mail)[0])
    fill(page, password="a third time")
    expect(page.get_by_role("alert").first).to_be_visible()


def test_an_expired_session_leads_back(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    page = inbox(mara, conversation).page
    talk.sign_out_everywhere(mara)
    page.reload()
    page.wait_for_url(f"**/login?next=%2Fconversations%2F{conversation}")
    fill(page, email=mara.email, password=mara.password)
    page.wait_for_url(f"**/conversations/{conversation}")


def test_what_is_sent_without_a_session_is_sent_after_signing_in(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    window = inbox(mara, conversation)
    talk.sign_out_everywhere(mara)
    window.send("Still there?")
    window.page.get_by_role("button", name="Sign in").click()
    window.page.wait_for_url(f"**/login?next=%2Fconversations%2F{conversation}")
    assert talk.contents(mara, conversation) == []
    fill(window.page, email=mara.email, password=mara.password)
    window.shows("Still there?")
    assert talk.contents(mara, conversation) == ["Still there?"]


def test_nobody_is_led_elsewhere(page, mara):
    page.goto("/login?next=https://evil.example/")
    fill(page, email=mara.email, password=mara.password)
    page.wait_for_url("**/conversations")
