"""What belongs to one conversation leaves in the order in which it was prepared."""

from lumina.outlets.order import Lines


def take(lines, left, *places):
    """Departures, each named after its conversation and place."""
    return [lines.departure(of, lambda of=of, place=place: left.append((of, place))) for of, place in places]


def test_an_early_one_waits_for_its_predecessor():
    left = []
    first, second, third = take(Lines(), left, (1, "a"), (1, "b"), (1, "c"))
    third.send()
    second.send()
    assert left == []
    first.send()
    assert left == [(1, "a"), (1, "b"), (1, "c")]


def test_conversations_do_not_wait_for_one_another():
    left = []
    _, other = take(Lines(), left, (1, "a"), (2, "a"))
    other.send()
    assert left == [(2, "a")]


def test_a_cancelled_one_lets_the_next_go():
    left = []
    first, second, third = take(Lines(), left, (1, "a"), (1, "b"), (1, "c"))
    second.cancel()
    third.send()
    first.send()
    assert left == [(1, "a"), (1, "c")]


def test_a_cancelled_first_sends_those_behind_it():
    left = []
    first, second = take(Lines(), left, (1, "a"), (1, "b"))
    second.send()
    first.cancel()
    assert left == [(1, "b")]


def test_one_that_cannot_leave_lets_the_next_go():
    lines, left = Lines(), []

    def fail():
        raise OSError("no network")

    first, (second,) = lines.departure(1, fail), take(lines, left, (1, "b"))
    second.send()
    first.send()
    assert left == [(1, "b")]
    assert lines._lines == {}


def test_what_settles_while_another_leaves_follows_it():
    lines, left = Lines(), []
    second = None

    def leave():
        second.send()
        left.append("first")

    first = lines.departure(1, leave)
    second = lines.departure(1, lambda: left.append("second"))
    first.send()
    assert left == ["first", "second"]


def test_a_line_is_kept_only_while_something_is_in_it():
    lines, left = Lines(), []
    for departure in take(lines, left, (1, "a"), (1, "b"), (2, "a")):
        departure.send()
    assert lines._lines == {}
    [late] = take(lines, left, (1, "c"))
    late.send()
    assert left[-1] == (1, "c")
