"""Snippets: the right part of a text, its found words marked where they stand as written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumina.services.snippets import LONGEST, plain, snippet
from lumina.services.text import length


def marked(content, query):
    """The snippet, and what its highlights show."""
    found = snippet(content, query)
    units = found.text.encode("utf-16-le")
    return found.text, [units[2 * start : 2 * end].decode("utf-16-le") for start, end in found.highlights]


@pytest.mark.parametrize(
    ("content", "query", "words"),
    [
        ("Die Straße am See", "STRASS", ["Straß"]),
        ("Die Straße am See", "stras", ["Straß"]),
        ("🎈🎈 ﬁne Łódź", "fin lodz", ["ﬁn", "Łódź"]),
        ("e\u0301cole, ÉCOLE", "ecol", ["e\u0301col", "ÉCOL"]),
        ("café cafés cafe", "cafes cafe", ["café", "cafés", "cafe"]),
        ("我们明天去北京看看", "北京", ["北京"]),
        ("我们明天去北京看看", "看", ["看看"]),
        ("北京市在南京", "京南 北京", ["北京"]),
        ("京都と南京都市", "京都市", ["京都市"]),
        ("京都と都市", "京都市", ["京都", "都市"]),
        ("\u1112\u1161\u11ab국어", "한국", ["\u1112\u1161\u11ab국"]),
        ("party 🎈", "🎈", ["🎈"]),
        ("nothing of it", "zebra", []),
        ("nothing asked", "", []),
        ("other other", "the", []),
        ("**the** _tide_ `turns`", "tide turns the", ["the", "tide", "turns"]),
    ],
)
def test_what_is_marked(content, query, words):
    text, found = marked(content, query)
    assert text == plain(content)
    assert found == words


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("**bold** _it_ ***both*** ~~gone~~ `code` __u__", "bold it both gone code u"),
        ("snake_case 2*3 a * b -5 ~/home", "snake_case 2*3 a * b -5 ~/home"),
        (r"\*not bold\*", "*not bold*"),
        ("- one\n* two\n> three\n> > four\n## five", "one two three four five"),
        ("```python\nx = 1\n```", "x = 1"),
        ("[the text](https://tide.example/a) and [ ] [x]", "the text and [ ] [x]"),
        ("https://tide.example/a_b_c", "https://tide.example/a_b_c"),
        ("  two\n\n lines ", "two lines"),
    ],
)
def test_markup_is_left_out(content, text):
    assert plain(content) == text


def test_a_long_text_is_shown_around_what_was_found():
    text, found = marked("ebb " * 100 + "needle. " + "flow " * 100, "need")
    assert found == ["need"]
    assert text.startswith("…ebb")
    assert text.endswith("flow…")
    assert 100 < len(text) <= LONGEST + 2


def test_the_beginning_is_shown_where_nothing_is_found_and_the_end_where_it_is_found():
    assert marked("ebb, " * 100, "zebra")[0].startswith("ebb, ebb")
    assert not marked("ebb, " * 100, "zebra")[0].endswith(",…")
    text, found = marked("ebb " * 100 + "needle", "needle")
    assert (text[-6:], found) == ("needle", ["needle"])
    assert len(text) > 100


def test_the_beginning_of_a_text_is_shown_from_its_first_word():
    assert marked("ebb needle " + "flow " * 100, "needle")[0].startswith("ebb needle flow")


def test_a_word_without_end_is_cut_between_characters():
    text, _ = marked("e\u0301" * 300, "e")
    assert text[-2:] == "\u0301…"
    text, _ = marked("x" * 119 + "👩‍🌾" * 100, "👩")
    assert not text.strip("…").endswith("\u200d")
    assert not text.strip("…").startswith("\u200d")


@given(st.text(), st.text())
def test_highlights_are_in_order_and_within(content, query):
    found = snippet(content, query)
    places = [place for highlight in found.highlights for place in highlight]
    assert places == sorted(places)
    assert all(0 <= place <= length(found.text) for place in places)
    assert all(start < end for start, end in found.highlights)
    assert len(found.text) <= LONGEST + 2


@given(st.text("abc 12.-_é語", max_size=100))
def test_a_text_that_is_searched_for_itself_is_marked(content):
    assert bool(snippet(content, content).highlights) == any(character.isalnum() for character in content)


@pytest.mark.parametrize(
    "piece", ["*", "_a", "[", "`", "> ", "[a](", "- - ", "\\", " ", "a*", "é", "語", "![x]", "e\u0301"]
)
def test_a_hostile_text_costs_little(piece):
    snippet(piece * (10_000 // len(piece)), "a 語 x é")


@pytest.mark.parametrize("before", ["", "a"])
def test_no_character_is_cut_from_its_accent(before):
    content = before + "q\u0323" * LONGEST
    shown = snippet(content, "nothing").text.rstrip("…")
    assert content.startswith(shown)
    assert content[len(shown)] == "q"
