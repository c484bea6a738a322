"""What a page says about itself: the words of hostile pages too, and never for long."""

import time

import pytest

from lumina.services import page_head
from lumina.services.page_head import Description, described

OG = '<meta property="og:{}" content="{}">'


@pytest.mark.parametrize(
    ("head", "title", "description", "site_name"),
    [
        ("<title>Plain</title>", "Plain", None, None),
        ("<TITLE>Plain</TITLE><META NAME=Description CONTENT=Words>", "Plain", "Words", None),
        ("<title>Plain</title>" + OG.format("title", "Graph"), "Graph", None, None),
        (OG.format("title", " ") + "<title>Plain</title>", "Plain", None, None),
        ("<meta name='twitter:title' content='Bird'><title>Plain</title>", "Bird", None, None),
        ("<meta name='og:title' content='Named'>", "Named", None, None),
        ("<meta property='og:title' content='Closed'/>", "Closed", None, None),
        (OG.format("title", "First") + OG.format("title", "Second"), "First", None, None),
        ("<title>First</title><title>Second</title>", "First", None, None),
        (
            "<title>x</title>" + OG.format("description", "Graph") + "<meta name=description content=Plain>",
            "x",
            "Graph",
            None,
        ),
        ("<title>x</title>" + OG.format("site_name", "Port"), "x", None, "Port"),
        ("<title>x</title><meta name=application-name content=App>", "x", None, "App"),
        ("<title>Fish &amp; chips &lt;b&gt; &#9731;</title>", "Fish & chips <b> ☃", None, None),
        ("<title>\n  two\n  lines </title>", "two lines", None, None),
        ("<title>a <b>bold</b> title</title>", None, None, None),
        ("<!-- <title>Hidden</title> --><title>Shown</title>", "Shown", None, None),
        ("<script>var a = '<title>Code</title>'</script><title>Shown</title>", "Shown", None, None),
        ("<style>/*<title>Code</title>*/</style><title>Shown</title>", "Shown", None, None),
        ("</head><title>Late</title>", None, None, None),
        ("<body><title>Late</title>", None, None, None),
        ("<title>Never closed", None, None, None),
        ("<meta property=og:title><title>x</title>", "x", None, None),
        ("<meta content=nameless><title>x</title>", "x", None, None),
        ("<title>x</title><![nonsense[<meta property=og:title content=y>", "x", None, None),
        ("<title>\u202eevil\u202c \u200btitle\x00\u2066</title>", "evil title", None, None),
        ("<title>👩‍🚀 می‌خواهم</title>", "👩‍🚀 می‌خواهم", None, None),
        ("<title>&#0;&#xD800;&#x202e;a</title>", "\ufffd\ufffda", None, None),
        ("", None, None, None),
    ],
)
def test_what_a_head_says(head, title, description, site_name):
    said = described(f"<!doctype html><html><head>{head}")
    assert said == (Description(title, description, site_name) if title else None)


def test_long_words_are_cut():
    fields = "".join(OG.format(name, "word " * 1000) for name in ("title", "description", "site_name"))
    said = described(fields)
    assert [
        len(text) <= most
        for text, most in zip((said.title, said.description, said.site_name), (200, 300, 80), strict=True)
    ] == [True] * 3
    assert said.title.endswith("word…")
    assert len(said.title) > 190


def test_what_lies_across_two_pieces():
    for offset in range(-12, 2):
        padding = "<!--" + " " * (page_head.PIECE - 7 + offset) + "-->"
        assert described(f"{padding}<title>Across pieces</title>").title == "Across pieces"


PIECES = "< <! <!-- <![ <![CDATA[ <? <a </ & &# &a <title> <script> <title>a <a/b=' / , = \"'"
HOSTILE = [
    *PIECES.split(),
    "<a ",
    "<meta ",
    "</a ",
    "x <",
    "<meta name=description content=",
    "b ",
    "b=c ",
    " ",
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("start", ["", "<a "])
def test_no_page_takes_long(piece, start, monkeypatch):
    """Neither all of it nor, since the parser lets no other thread run, a piece of it."""
    monkeypatch.setattr(page_head, "SECONDS", 0.2)
    html = (start + piece * 600_000)[: 512 * 1024]
    spent = []

    def feed(head, text):
        began = time.process_time()
        try:
            real(head, text)
        finally:
            spent.append(time.process_time() - began)

    real = page_head.Head.feed
    monkeypatch.setattr(page_head.Head, "feed", feed)
    described(html)
    assert max(spent) < 0.2
    assert sum(spent) < 0.5


@pytest.mark.parametrize(
    "long", ["<!--{}-->", "<script>{}</script>", "<style>{}</style>", "<link href='{}'>"]
)
def test_what_may_be_long(long):
    length = 20_000 if "link" in long else 300_000
    assert described(long.format("x" * length) + "<title>After</title>").title == "After"
