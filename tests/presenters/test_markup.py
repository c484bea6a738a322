"""What people write, as HTML: what looks how, and that nothing else comes out whatever goes in."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumina.presenters import markup
from lumina.presenters.markup import highlighting, links
from tests.support.html import read
from tests.support.tricks import DECEIT, HOST, TRICKS

NAMES = [{"userId": "7", "name": "Ann"}, {"userId": "8", "name": "Ann Lee"}, {"userId": "9", "name": "Jo*"}]
REL = 'target="_blank" rel="noopener noreferrer nofollow ugc"'
ALLOWED = {
    "a": {"href", "title", "target", "rel"},
    "blockquote": set(),
    "code": set(),
    "em": set(),
    "li": set(),
    "ol": {"start"},
    "pre": {"tabindex"},
    "s": set(),
    "span": {"class", "data-user-id"},
    "strong": set(),
    "ul": set(),
}
CLASSES = {"mention", "leads-to"} | highlighting.CLASSES
ADDRESSES = ("http://", "https://", "mailto:", "tel:")
MARKS = [*"ab1 \n\t*_~`[]>-.:/\\@&<\"'é👍", "```\n", "https://", "](https://", ")", "- ", "1. ", "@Ann", "> "]


def html(text, mentions=()):
    """Without what every link and code block has."""
    return str(markup.content(text, mentions)).replace(f" {REL}", "").replace(' tabindex="0"', "")


def holds(html):
    """Nothing but what is allowed, properly nested; every link leaves safely."""
    parsed = read(html)
    assert parsed.is_balanced, html
    for tag, attributes in parsed.elements:
        assert set(attributes) <= ALLOWED[tag], html
        assert attributes.get("class") in {None, *CLASSES}
        assert attributes.get("start", "1").isdigit()
        assert attributes.get("data-user-id", "1").isdigit()
        if "href" in attributes:
            assert attributes["href"].lower().startswith(ADDRESSES), html
            assert f'target="{attributes["target"]}" rel="{attributes["rel"]}"' == REL
    return parsed


@pytest.mark.parametrize(
    "text",
    [
        "a\nb",
        "a\n\n\nb",
        "two  spaces,   three",
        "a\n    indented\n\tby a tab",
        "<b>&\"'",
        "&lt;b&gt; &amp; &copy;",
        "5 * 3 * 2, 5*3*2, a*b",
        "snake_case_name and __x",
        "*.py, *.js",
        r"¯\_(ツ)_/¯",
        r"C:\temp \\server\share",
        "# no heading",
        "No heading\n===",
        "No line\n---\n***\n* * *",
        "|no|table|\n|--|--|",
        "[no]: reference",
        "[x] and [y](z)",
        "![no](image.png)",
        "-",
        "- ",
        "1.",
        "+1",
        "1986. A year",
        "~about~ so",
        "`",
        "** bold **",
        "someone@example.com",
        "version 1.2.3, e.g. setup.py",
        "ftp://a.example //a.example",
        "<https:x>",
    ],
)
def test_what_is_no_markup_stays_as_typed(text):
    for written in (text, f"{text}\n\n~~b~~"):
        shown = holds(markup.content(written))
        assert shown.text == written.replace("~~", "")
        assert {tag for tag, _ in shown.elements} <= {"s"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "**b** *i* _i_ ~~s~~ ***x***",
            "<strong>b</strong> <em>i</em> <em>i</em> <s>s</s> <em><strong>x</strong></em>",
        ),
        ("**a\nb**", "<strong>a\nb</strong>"),
        ("这是**重点**内容", "这是<strong>重点</strong>内容"),
        ("`a*b*` ``x`y``", "<code>a*b*</code> <code>x`y</code>"),
        (
            r"\*a\* \`b\` \[c](https://d.example)",
            'TEXT*a* `b` [c](<a href="https://d.example">https://d.example</a>)',
        ),
        ("*a*\n\n\n  b", "<em>a</em>\n\n\n  b"),
        ("a\n- b\n- *c*\nd", "a<ul><li>b</li><li><em>c</em></li></ul>d"),
        ("- a\n  b\n  - c", "<ul><li>a\nb<ul><li>c</li></ul></li></ul>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("7) a", '<ol start="7"><li>a</li></ol>'),
        ("> a\n> b\nc", "<blockquote>a\nb</blockquote>c"),
        ("> a\n\n> - b", "<blockquote>a</blockquote><blockquote><ul><li>b</li></ul></blockquote>"),
        ("a\n```\n  <b> *c*\n\n```\nd", "a<pre><code>  &lt;b&gt; *c*\n</code></pre>d"),
        ("```\n\n\na", "<pre><code>\n\na</code></pre>"),
        ("```what I saw\nx\n```", "<pre><code>what I saw\nx</code></pre>"),
        ("```c\nint x;\n```", "<pre><code>int x;</code></pre>"),
        ("~~~\na\n~~~", "<pre><code>a</code></pre>"),
    ],
)
def test_markup(text, expected):
    assert html(text) == expected.removeprefix("TEXT")


def test_code_is_coloured():
    shown = html('```py\n# why\nx = f("a", 1)\n```')
    assert '<span class="tok-comment"># why</span>\nx = f(' in shown
    assert '<span class="tok-number">1</span>' in shown
    shown = html("```diff\n- a\n+ b\n```")
    assert shown.endswith('<span class="tok-inserted">+ b</span></code></pre>')


def test_every_language_is_known():
    assert highlighting.LANGUAGES <= highlighting.KNOWN
    for language in highlighting.LANGUAGES:
        for code in ("a = 1 # b", "\n\n  <b>\n", "+"):
            assert read(highlighting.highlight(code, language)).text == code


def test_colouring_ends_with_its_budget(monkeypatch):
    monkeypatch.setattr(highlighting, "BUDGET", -1)
    assert html("```py\nimport os\nimport re\n```").endswith(" os\nimport re</code></pre>")
    assert "span" not in html("```py\n" + "import os\n" * 1_000 + "```")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("see https://a.example/b.", 'see <a href="https://a.example/b">https://a.example/b</a>.'),
        ("(https://a.example/b)", '(<a href="https://a.example/b">https://a.example/b</a>)'),
        ("https://a.example/b_(c)", '<a href="https://a.example/b_(c)">https://a.example/b_(c)</a>'),
        ("https://a.example/_b_*c*", '<a href="https://a.example/_b_*c">https://a.example/_b_*c</a>*'),
        ("HTTP://A.example?a=1&b", '<a href="HTTP://A.example?a=1&amp;b">HTTP://A.example?a=1&amp;b</a>'),
        ("http://localhost:8000/x", '<a href="http://localhost:8000/x">http://localhost:8000/x</a>'),
        ('http://a"onx=', '<a href="http://a">http://a</a>"onx='),
        ("<http://a>", '&lt;<a href="http://a">http://a</a>&gt;'),
        ("example.com/x", '<a href="https://example.com/x" title="https://example.com/x">example.com/x</a>'),
        ("httpbin.org", '<a href="https://httpbin.org" title="https://httpbin.org">httpbin.org</a>'),
        (
            "[the *plan*](https://a.example)",
            '<a href="https://a.example" title="https://a.example">the <em>plan</em></a>',
        ),
        ("[me](mailto:a@b.example)", '<a href="mailto:a@b.example" title="mailto:a@b.example">me</a>'),
        (
            "[a@b.example](mailto:a@b.example)",
            '<a href="mailto:a@b.example" title="mailto:a@b.example">a@b.example</a>',
        ),
        (
            "[a.example](https://a.example/b)",
            '<a href="https://a.example/b" title="https://a.example/b">a.example</a>',
        ),
        (
            "[](https://a.example)",
            '<a href="https://a.example" title="https://a.example">https://a.example</a>',
        ),
    ],
)
def test_links(text, expected):
    assert html(text) == expected


@pytest.mark.parametrize(
    "url", ["https://[x", "https://", "https:/x", "/x", "//x", "mailto:", "x", "", "javascript:x"]
)
def test_what_is_no_address(url):
    assert not links.is_allowed(url)


@pytest.mark.parametrize("text", DECEIT)
def test_a_link_that_looks_like_another_address_says_where_it_leads(text):
    shown = holds(markup.content(text)).text
    assert shown.endswith((f"({HOST})", f"(x@{HOST})", "(xn--pypal-4ve.com)"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello @Ann!", 'Hello <span class="mention" data-user-id="7">@Ann</span>!'),
        ("@Ann Lee’s", '<span class="mention" data-user-id="8">@Ann Lee</span>’s'),
        ("**@Ann**", '<strong><span class="mention" data-user-id="7">@Ann</span></strong>'),
        ("@Jo* *x*", '<span class="mention" data-user-id="9">@Jo*</span> <em>x</em>'),
        ("@Anna, x@Ann, @ann", "@Anna, x@Ann, @ann"),
        ("`@Ann`", "<code>@Ann</code>"),
        ("```\n@Ann\n```", "<pre><code>@Ann</code></pre>"),
        ("https://a.example/@Ann", '<a href="https://a.example/@Ann">https://a.example/@Ann</a>'),
    ],
)
def test_mentions(text, expected):
    assert html(text, NAMES) == expected


def test_a_mention_in_a_link_is_none():
    assert "mention" not in html("[@Ann](https://a.example)", NAMES)


def test_names_are_text():
    hostile = [{"userId": '1"><script>', "name": "<b>(.*)"}]
    assert html("@<b>(.*) x", hostile) == (
        '<span class="mention" data-user-id="1&quot;&gt;&lt;script&gt;">@&lt;b&gt;(.*)</span> x'
    )


@pytest.mark.parametrize("text", TRICKS)
def test_no_trick_works(text):
    holds(markup.content(text, NAMES))
    assert "\n" not in markup.plain(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(MARKS)).map("".join))
def test_nothing_but_what_is_allowed(text):
    holds(markup.content(text, NAMES))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*"abcé \n*_~`[]>-.:<&", "```\n", "- ", "> "])).map("".join))
def test_nothing_that_was_said_is_lost(text):
    said = "".join(filter(str.isalpha, text))
    assert "".join(filter(str.isalpha, holds(markup.content(text)).text)) == said
    assert "".join(filter(str.isalpha, markup.plain(text))) == said


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text(text):
    holds(markup.content(f"{text}**", NAMES))
    markup.plain(f"{text}**")
    markup.is_jumbo(text)


MOST = 10_000
COSTLY = [
    *"*_~`[>\\@-<!&.:()",
    *(
        "**a",
        "*a ",
        "*a _b ",
        "a*b ",
        "``a`",
        "[a",
        "[a](",
        "](",
        "![[",
        "[a](https://x.example ",
        "[a](<",
        "> > ",
    ),
    *(
        "- a\n",
        "  - a\n",
        "1. ",
        "1. a\n",
        "```\n",
        "> a\n",
        ">\n",
        "-\n",
        "https://",
        "https://a.example ",
        "a.com ",
    ),
    *(
        "https://a/(",
        "https://xn--",
        "https://www.",
        "https://a.",
        "www.",
        "xn--",
        "a-",
        "://",
        "@Ann ",
        "@a:",
        "```c\n",
    ),
]


@pytest.mark.parametrize("piece", COSTLY)
def test_ten_thousand_characters_of_anything_take_little_time(piece):
    text = (piece * MOST)[:MOST]
    taken = []
    for _ in range(2):
        before = time.process_time()
        markup.content(text, NAMES)
        taken.append(time.process_time() - before)
    # Some 40 ms where nothing else runs; the bound leaves room for slow machines.
    assert min(taken) < 0.25


@pytest.mark.parametrize(
    "text", [">" * 200 + "a", "> " * 200 + "a", "- " * 200 + "a", "[" * 200 + "a", "*a _b " * 60]
)
def test_what_is_nested_too_deep_is_text(text):
    assert holds(markup.content(text)).depth < 40
    assert "a" in markup.plain(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain  text\nhere", "plain text here"),
        ("**b** and [link](https://a.example)", "b and link"),
        ("> quote\nreply `code`", "quote reply code"),
        ("- a\n- b\n1. c", "• a • b 1. c"),
        ("```py\nimport os\nx\n```\nafter", "import os x after"),
        ("```what I saw\nx\n```", "what I saw x"),
        ("[](https://a.example)", "[](https://a.example)"),
        ("*" * 2_000, "*" * 2_000),
    ],
)
def test_plain(text, expected):
    assert markup.plain(text) == expected


@pytest.mark.parametrize("text", ["👍", "👍🏽", "👨‍👩‍👧", "🇩🇪", "❤️", "❤", "1️⃣", "👍 👍\n👍"])
def test_few_emoji_are_shown_large(text):
    assert markup.is_jumbo(text)


@pytest.mark.parametrize("text", ["", " ", "1", "a👍", "👍!", "👍👍👍👍", "👍" * 1_000, "é"])
def test_anything_else_is_not(text):
    assert not markup.is_jumbo(text)
