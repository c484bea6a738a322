"""The first link of a text: the one that the page makes clickable first, where that is an address as typed."""

import re
import time

import pytest

from lumina.presenters import markup
from lumina.services import links

HREF = re.compile(r'<a [^>]*?href="(https?://[^"]*)"')
TEXTS = {
    "https://a.example": "https://a.example",
    "http://a.example/": "http://a.example/",
    "Look: https://a.example/b?c=d#e.": "https://a.example/b?c=d#e",
    "(see https://a.example/b)": "https://a.example/b",
    "https://a.example/b_(c)": "https://a.example/b_(c)",
    "https://a.example/b, https://c.example": "https://a.example/b",
    "two\nlines https://a.example/\nmore": "https://a.example/",
    "> https://a.example/": "https://a.example/",
    "- https://a.example/": "https://a.example/",
    "**https://a.example/**": "https://a.example/",
    "*see* https://a.example/b!": "https://a.example/b",
    "[label](https://a.example/b)": "https://a.example/b",
    "[label](https://a.example/b) https://c.example": "https://a.example/b",
    "`https://code.example/` https://a.example/": "https://a.example/",
    "``a ` https://code.example/`` https://a.example/": "https://a.example/",
    "```\nhttps://code.example/\n```\nhttps://a.example/": "https://a.example/",
    "```py\nhttps://code.example/\n```": None,
    "```\nhttps://code.example/": None,
    "~~~\nhttps://code.example/\n~~~": None,
    "> ```\n> https://code.example/\n> ```\n\nhttps://a.example/": "https://a.example/",
    "`https://code.example/`": None,
    "` https://a.example/": "https://a.example/",
    "ftp://a.example/ https://b.example/": "https://b.example/",
    "javascript://a.example/%0aalert(1)": None,
    "mailto:a@b.example": None,
    "https://": None,
    "https:///path": None,
    "no link://": None,
    "me@https://a.example": "https://a.example",
    "HTTPS://A.EXAMPLE/B": "HTTPS://A.EXAMPLE/B",
    "https://user:secret@a.example/": "https://user:secret@a.example/",
    "https://127.0.0.1/": "https://127.0.0.1/",
    "https://a.example/<b>": "https://a.example/",
    '"https://a.example/b"': "https://a.example/b",
    "https://bücher.example/ä": "https://bücher.example/ä",
    "xhttps://a.example/": None,
    "xhttps://a.example/ _https://b.example/_": "https://b.example/_",
    "https:// https://a.example/": "https://a.example/",
    f"https://a.example/{'x' * 2_000} https://b.example/": "https://b.example/",
    "Hello": None,
    "": None,
}


@pytest.mark.parametrize(("text", "url"), TEXTS.items())
def test_the_first_link(text, url):
    assert links.first(text) == url


# Shown with other letters, or too long to be looked at.
APART = re.compile(r"ü|HTTPS|x{2000}")


@pytest.mark.parametrize("text", [text for text in TEXTS if not APART.search(text)])
def test_it_is_the_first_that_can_be_followed(text):
    found = HREF.search(str(markup.content(text)))
    assert links.first(text) == (found[1] if found else None)


PIECES = (
    "https:// https://a https://a. `https://a (https://a( :// > ~~~ https://a.b/% https://a.b? http://a.b/(("
)


@pytest.mark.parametrize(
    "piece", [*PIECES.split(), " ", "\n", "> \n", "https:// ", "https://a.b/% ", "`` ` ", "```\n://", "~~~\n"]
)
def test_no_text_takes_long(piece):
    text = ("://" + piece * 10_000)[:10_000]
    began = time.process_time()
    links.first(text)
    assert time.process_time() - began < 0.1
