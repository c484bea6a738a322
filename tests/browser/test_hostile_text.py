"""What people write is text, whatever it looks like. A refusal by the policy fails these tests too."""

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE
RAN = "window.ran = true"
HOSTILE = [
    f"<script>{RAN}</script>",
    f"<img src=x onerror='{RAN}'>",
    f'"><svg onload="{RAN}">',
    f"javascript:{RAN}",
    f"<a href='javascript:{RAN}'>click</a>",
    f'https://a.example/"onmouseover="{RAN}',
    "</li></ol><h1>Outside</h1><template><style>*{display:none}</style>",
    "{{ 7 * 7 }} ${7 * 7} {name} &lt;b&gt; &amp;",
    "<b hx-get='/settings' hx-trigger='load'>htmx</b>",
]


@pytest.fixture
def conversation(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


def nothing_ran(window):
    expect(window.page.locator("h1", has_text="Outside")).to_have_count(0)
    expect(window.contents.locator(":not(a)")).to_have_count(0)
    expect(window.contents.locator("a[href^='javascript:']")).to_have_count(0)
    assert window.page.evaluate("window.ran") is None


def test_nothing_runs(inbox, mara, tomasz, conversation):
    """On its way and acknowledged, live on the other side, in the list, and from the page."""
    one, other = inbox(mara, conversation), inbox(tomasz, conversation)
    for text in HOSTILE:
        one.send(text)
        expect(other.contents.last).to_have_text(text)
        expect(other.row(conversation).locator("[data-preview]")).to_have_text(text)
    for window in (one, other):
        window.shows(*HOSTILE)
        nothing_ran(window)
    other.page.reload()
    other.shows(*HOSTILE)
    nothing_ran(other)


def test_a_name_is_text_too(inbox, talk, mara, tomasz):
    talk.call_oneself(tomasz, "<img src=x onerror=ran=1>", "{{ 7*7 }}")
    conversation = talk.group(mara, tomasz, name="<script>ran=1</script>")
    talk.say(tomasz, conversation, "Hello")
    window = inbox(mara, conversation)
    window.page.get_by_role("link", name="Details", exact=True).click()
    expect(window.page.locator("#details .line-name").first).to_be_visible()
    assert window.page.evaluate("window.ran") is None
    assert window.page.locator("img").count() == 0


def test_half_written_markup_is_no_danger_as_a_draft(inbox, mara, conversation):
    window = inbox(mara, conversation)
    window.write(HOSTILE[1])
    window.page.goto("/conversations")
    expect(window.row(conversation).locator("[data-preview]")).to_have_text(f"Draft: {HOSTILE[1]}")
    assert window.page.evaluate("window.ran") is None


def test_directions_stay_within_their_message(inbox, talk, mara, tomasz, conversation):
    """A right-to-left override turns its own text around, and neither the time beside it nor the name above."""
    talk.say(tomasz, conversation, "plain\u202egnp.exe", "\u2067\u2067\u2066unclosed")
    window = inbox(mara, conversation)
    for bubble in window.bubbles.all():
        content, meta = bubble.locator("[data-content]"), bubble.locator(".meta")
        assert content.evaluate("text => getComputedStyle(text).unicodeBidi") in ("isolate", "plaintext")
        assert meta.inner_text().strip()[:2].isdigit()


def test_a_bare_link_can_be_followed(inbox, talk, mara, tomasz, conversation):
    address = "https://lumina.example/report?x=1&y=2"
    talk.say(tomasz, conversation, f"See {address}.")
    window = inbox(mara, conversation)
    link = window.contents.get_by_role("link", name=address)
    expect(link).to_have_attribute("href", address)
    assert "noopener" in link.get_attribute("rel").split()
    window.page.context.route("https://lumina.example/**", lambda route: route.fulfill(body="A report"))
    with window.page.context.expect_page() as opened:
        link.click()
    expect(opened.value).to_have_url(address)
    assert opened.value.evaluate("window.opener") is None
