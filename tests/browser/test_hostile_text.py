"""What people write is text, whatever it looks like. A refusal by the policy fails these tests too."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE
from tests.support.tricks import TRICKS

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
AT_A_TIME = 40
CHUNKS = [TRICKS[start : start + AT_A_TIME] for start in range(0, len(TRICKS), AT_A_TIME)]
OURS = re.compile(
    r"/static/.+|/me-\d+\.css|/icons/unread/\d+\.svg|/socket\.io/"
    r"|/conversations(/\d+(/(messages|pins|read))?)?"
)
# What a text may consist of, as the browser has read it.
INSIDE = """() => {
  const all = [...document.querySelectorAll("[data-content] *")];
  const attributes = all.flatMap((one) => one.getAttributeNames().map((name) => `${one.localName} ${name}`));
  const addresses = all.filter((one) => one.href).map((one) => new URL(one.href).protocol);
  const sorted = (names) => [...new Set(names)].sort();
  return { elements: sorted(all.map((one) => one.localName)), attributes: sorted(attributes), addresses: sorted(addresses) };
}"""
ELEMENTS = {"a", "blockquote", "code", "em", "li", "ol", "pre", "s", "span", "strong", "ul"}
ATTRIBUTES = {
    "a href",
    "a rel",
    "a target",
    "a title",
    "ol start",
    "pre tabindex",
    "span class",
    "span data-user-id",
}
PROTOCOLS = {"http:", "https:", "mailto:", "tel:"}
# What a page looks like around its messages.
AROUND = """() => {
  const box = (name) => Object.values(document.querySelector(name).getBoundingClientRect().toJSON());
  const { display, backgroundColor, color, font } = getComputedStyle(document.body);
  return JSON.stringify([
    document.styleSheets.length, document.forms.length, document.querySelectorAll("style, base").length,
    display, backgroundColor, color, font, box("body"), box("message-composer"), box("message-list"),
  ]);
}"""


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


@pytest.fixture
def watched(inbox):
    """Opens somebody's window, and says what it asked for and which dialogs it opened."""

    def open_watched(person, conversation):
        window = inbox(person, conversation, new=True)
        window.asked, window.dialogs = [], []
        window.page.on("request", lambda request: window.asked.append(request.url))
        window.page.on("dialog", lambda dialog: (window.dialogs.append(dialog.message), dialog.dismiss()))
        return window

    return open_watched


def nothing_came_of_it(window, server):
    inside = window.page.evaluate(INSIDE)
    assert set(inside["elements"]) <= ELEMENTS
    assert set(inside["attributes"]) <= ATTRIBUTES
    assert set(inside["addresses"]) <= PROTOCOLS
    assert window.page.evaluate("window.ran") is None
    assert window.dialogs == []
    for url in window.asked:
        assert url.startswith(server.url), url
        assert OURS.fullmatch(urlsplit(url).path), url


@pytest.mark.parametrize("tricks", CHUNKS, ids=[f"{number * AT_A_TIME}+" for number in range(len(CHUNKS))])
def test_no_trick_works(watched, talk, live_server, mara, tomasz, tricks):
    """Live, and again from the page: no script, no style, no request, and the page as it was."""
    conversation = talk.group(mara, tomasz, name="Tricks")
    window = watched(mara, conversation)
    window.wait_until_live()
    before = window.page.evaluate(AROUND)
    talk.say(tomasz, conversation, *tricks)
    for look in (window.wait_until_live, window.page.reload):
        look()
        expect(window.page.locator(".message[data-type=text]")).to_have_count(len(tricks))
        nothing_came_of_it(window, live_server)
    talk.say(tomasz, conversation, "Nothing")
    expect(window.contents.last).to_have_text("Nothing")
    assert window.page.evaluate(AROUND) == before


CODE = """```py
# Why this works
@cache
class Answer(Base):
    def of(self, question: str = "what") -> int:
        return 42 if question else None
```
```diff
- old
+ new
```
```html
<a href="#">x</a>
```
**Bold**, `code`, [a link](https://lumina.example), [lumina.example](https://other.example), @Mara Ellison
> A quote with `code`
1. one
2. two
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_written_can_be_read(inbox, talk, mara, tomasz, conversation, theme):
    """Enough contrast in code, quotes and links, on one's own side and on theirs; and no wider than its bubble."""
    talk.say(mara, conversation, CODE)
    talk.say(tomasz, conversation, CODE, "```\n" + "wide " * 200 + "\n```")
    window = inbox(mara, conversation, color_scheme=theme, viewport={"width": 390, "height": 844})
    found = Axe().run(window.page, context=".messages")
    assert found.violations_count == 0, found.generate_report()
    assert window.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    wide = window.contents.last.locator("pre")
    assert wide.evaluate("block => block.scrollWidth > block.clientWidth")
    wide.focus()
    wide.press("End")


def test_lines_are_as_typed(inbox, talk, tomasz, mara, conversation):
    """Paragraphs are lines: one break is one, two are two, and a block adds none."""
    talk.say(tomasz, conversation, "a\n  *b*\n\nc", "*a*\n- b\n- c\nd", "> a\n> b\nc")
    shown = [content.inner_text() for content in inbox(mara, conversation).contents.all()]
    assert shown == ["a\n  b\n\nc", "a\nb\nc\nd", "a\nb\nc"]


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
