"""A text as words: what is written and what is asked meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumina.models import words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Don't PANIC, snake_case 3.14!", ["don", "t", "panic", "snake", "case", "3", "14"]),
        ("Æsop’s ﬂy, İstanbul, soft\u00adhyphen", ["aesop", "s", "fly", "istanbul", "softhyphen"]),
        ("ok 北京市 ok", ["ok", "北京", "京市", "市", "ok"]),
        ("カタカナ ﾊﾝｶｸ", ["カタ", "タカ", "カナ", "ナ", "ハン", "ンカ", "カク", "ク"]),
        ("한국 \u1112\u1161\u11ab", ["한국", "국", "한"]),
        ("हिन्दी", ["हिनदी"]),
        ("👍🏽 ❤️ well", ["👍", "❤", "well"]),
        ("y" * 100, ["y" * words.LONGEST]),
    ],
)
def test_what_is_written(text, found):
    assert list(words.written(text)) == found


@pytest.mark.parametrize(
    ("text", "found"), [("", []), ("北京市 a A", ["北京", "京市", "a"]), ("北", ["北"]), ("…", [])]
)
def test_what_is_asked(text, found):
    assert words.asked(text) == found


@given(st.text())
def test_a_text_is_found_by_itself(text):
    written = list(words.written(text))
    for asked in words.asked(text):
        assert any(word.startswith(asked) for word in written)


@given(st.text())
def test_no_word_means_anything_to_an_engine(text):
    assert not set("".join(words.written(text))) & set("\"':#*()|&!<>\\ \0")
