"""What people type: counted as browsers do, cleaned, bounded."""

import pytest

from lumina.errors import Invalid
from lumina.services import text


@pytest.mark.parametrize(
    ("typed", "units"), [("", 0), ("abc", 3), ("é", 1), ("e\u0301", 2), ("🎈", 2), ("👩‍🌾", 5)]
)
def test_length_is_in_utf_16_units(typed, units):
    assert text.length(typed) == units == len(typed.encode("utf-16-le")) // 2


@pytest.mark.parametrize("bad", ["\x00", "a\x00b", "\ud800", "x\udfff"])
def test_what_cannot_be_kept_is_refused(bad):
    for check in (text.clean, lambda t, f: text.required(t, f, 9), lambda t, f: text.optional(t, f, 9)):
        with pytest.raises(Invalid) as refused:
            check(bad, "name")
        assert refused.value.errors[0]["field"] == "name"


@pytest.mark.parametrize(("typed", "kept"), [(" a ", "a"), ("\u3000a b\n", "a b"), ("x" * 9, "x" * 9)])
def test_surrounding_space_goes(typed, kept):
    assert (
        text.clean(typed, "name")
        == text.required(typed, "name", 9)
        == text.optional(typed, "name", 9)
        == kept
    )


@pytest.mark.parametrize("typed", ["", " ", "\n\t\u2003"])
def test_nothing_is_nothing(typed):
    assert text.optional(typed, "name", 9) is None
    with pytest.raises(Invalid, match="fill this in"):
        text.required(typed, "name", 9)


def test_absent_is_nothing_too():
    assert text.optional(None, "name", 9) is None


@pytest.mark.parametrize("typed", ["x" * 10, "🎈" * 5])
def test_too_long_is_refused(typed):
    for check in (text.required, text.optional):
        with pytest.raises(Invalid, match="longer than 9 characters"):
            check(typed, "name", 9)
