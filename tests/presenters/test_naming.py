"""What people and conversations are called."""

import pytest

from lumina.presenters import naming


def person(number, first="Mara", last="Ellison"):
    return {"id": str(number), "firstName": first, "lastName": last}


def conversation(*people, type="group", name=None, count=None):
    return {
        "type": type,
        "name": name,
        "participants": list(people),
        "participantCount": count or len(people),
    }


ANN, BEA, CAL, DAN, EVE, FAY = (
    person(n, first) for n, first in enumerate(["Ann", "Bea", "Cal", "Dan", "Eve", "Fay"], 1)
)


@pytest.mark.parametrize(
    ("first", "last", "name", "letters"),
    [("Mara", "Ellison", "Mara Ellison", "ME"), ("Mara", "", "Mara", "M"), ("élan", "źdź", "élan źdź", "ÉŹ")],
)
def test_names_and_letters(first, last, name, letters):
    assert naming.name(person(1, first, last)) == name
    assert naming.initials(person(1, first, last)) == letters


def test_neighbours_have_different_hues():
    hues = [naming.hue(str(number)) for number in range(24)]
    assert sorted(hues) == list(range(24))
    assert naming.hue("") == 0


@pytest.mark.parametrize(
    ("shown", "title", "short"),
    [
        (conversation(ANN, BEA, type="direct"), "Bea Ellison", "Bea"),
        (conversation(ANN, BEA, name="Two Mills"), "Two Mills", "Two Mills"),
        (conversation(ANN, BEA), "Bea", "Bea"),
        (conversation(ANN, BEA, CAL, DAN, EVE), "Bea, Cal, Dan, Eve", "Bea, Cal, Dan, Eve"),
        (conversation(ANN, BEA, CAL, DAN, EVE, FAY), "Bea, Cal, Dan, Eve +1", "Bea, Cal, Dan, Eve +1"),
        (conversation(ANN), "Ann Ellison", "Ann Ellison"),
    ],
)
def test_titles(shown, title, short):
    assert naming.title(shown, "1") == title
    assert naming.short_title(shown, "1") == short


def test_only_two_have_an_other():
    assert naming.other(conversation(ANN, BEA, type="direct"), "1") == BEA
    assert naming.other(conversation(ANN, type="direct"), "1") is None
    assert naming.other(conversation(ANN, BEA), "1") is None
