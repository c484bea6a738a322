"""What is told of an exception: where it came from, and no word of what people wrote."""

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from lumina import scrubbing
from lumina.errors import NotFound

SAID = "zanzibar"
WITHHELD = "[its words are withheld]"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a mail to mara.ellison+x@example.org failed", "a mail to [mail] failed"),
        ("Authorization: Bearer abc.def-1, else", "Authorization: Bearer [token] else"),
        ("the token eyJhbGciOi.eyJzdWIi.c2lnbmF0 is old", "the token [token] is old"),
        ("GET https://a.example/b?token=c&d=e failed", "GET https://a.example/b?[query] failed"),
        ("redis://user:password@host:6379/0 is away", "redis://host:6379/0 is away"),
        (f'fts5: syntax error near "{SAID}"', "fts5: syntax error near [text]"),
        (f'invalid input syntax for type integer: "{SAID}"', "invalid input syntax for type integer: [text]"),
        ("what is it? nothing = nothing", "what is it? nothing = nothing"),
    ],
)
def test_secrets_in_a_text_are_taken_out(text, told):
    assert scrubbing.words(text) == told


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"cannot take {SAID}"),
        KeyError(SAID),
        UnicodeEncodeError("utf-8", SAID, 0, 1, "no"),
        Exception(SAID),
        DataError("INSERT", {}, Exception(SAID)),
    ],
)
def test_exceptions_that_quote_what_they_were_given_are_withheld(error):
    assert scrubbing.message(error) == WITHHELD


def test_what_speaks_of_code_and_servers_is_told():
    assert scrubbing.message(AttributeError("'X' has no attribute 'y'")) == "'X' has no attribute 'y'"
    assert scrubbing.message(NotFound()) == NotFound.message
    refused = OperationalError("SELECT 1", {}, Exception("connection refused"), hide_parameters=True)
    assert scrubbing.message(refused) == "(builtins.Exception) connection refused"


def test_rows_that_a_database_refuses_are_not_told():
    words = f'violates "uq_x"\nDETAIL:  Failing row contains (1, {SAID}\n{SAID}).'
    refused = IntegrityError("INSERT", {}, Exception(words), hide_parameters=True)
    assert scrubbing.message(refused) == '(builtins.Exception) violates "uq_x"'


def fail(wrapped):
    try:
        try:
            raise KeyError(SAID)
        except KeyError as error:
            if wrapped:
                raise RuntimeError("it is broken") from error
            raise TypeError("a slip") from None
    except Exception as error:
        return error


def test_a_trace_has_the_causes_the_first_of_them_first():
    told = scrubbing.trace(fail(wrapped=True))
    first, second = told.split("\nthen:\n")
    assert first.endswith(f"builtins.KeyError: {WITHHELD}")
    assert second.endswith("builtins.RuntimeError: it is broken")
    assert "in fail" in first
    assert "in fail" in second
    assert SAID not in told


def test_a_cause_that_is_denied_is_left_out():
    assert [type(error) for error in scrubbing.chain(fail(wrapped=False))] == [TypeError]


def test_a_chain_that_bites_its_tail_ends():
    one, other = RuntimeError("one"), RuntimeError("other")
    one.__cause__, other.__cause__ = other, one
    assert list(scrubbing.chain(one)) == [one, other]
