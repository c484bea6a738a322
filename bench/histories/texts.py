"""What is said: a few thousand texts with the words they are found by, used again and again."""

from __future__ import annotations

from itertools import accumulate
from random import Random
from typing import NamedTuple

from lumina.models import search, words

TEXTS, VOCABULARY = 4096, 1500
# Everyday words come first and so are the commonest; "harbour" is rare and in no other word's beginning.
COMMON = (
    "the to and of a in is it you that we for on this be will have can not what with at are our"
    " please thanks report tomorrow meeting invoice contract review number draft client price answer"
)
RARE = "harbour"
CHINESE = (
    "明天上午十点开会",
    "请确认合同的最终版本",
    "谢谢，已经收到发票",
    "价格需要重新讨论",
    "客户的问题已经解决",
)
EMOJI = ("👍", "🎉", "😀", "🙏", "❤️", "👀")
LINKS = (
    "https://example.org/report",
    "https://example.org/contract/draft",
    "https://example.org/meeting?day=2",
)
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo yu za bre cla dro fle gri plo sta tru"


class Text(NamedTuple):
    """A text, with the terms it is found by."""

    content: str
    terms: tuple[str, ...]


def pool(random: Random) -> list[Text]:
    """So many texts, of words as unevenly frequent as those of a language."""
    syllables = SYLLABLES.split()
    vocabulary = COMMON.split() + sorted({_word(random, syllables) for _ in range(VOCABULARY)})
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))
    found = []
    for number in range(TEXTS):
        said = random.choices(vocabulary, cum_weights=weights, k=min(60, 2 + int(random.expovariate(1 / 9))))
        if number % 12 == 0:
            said.append(random.choice(CHINESE))
        if number % 7 == 0:
            said.append(random.choice(EMOJI))
        if number % 40 == 0:
            said.append(random.choice(LINKS))
        if number % 128 == 5:
            said.append(RARE)
        found.append(text(" ".join(said)))
    return found


def _word(random: Random, syllables: list[str]) -> str:
    return "".join(random.choices(syllables, k=random.randint(2, 4)))


def text(content: str) -> Text:
    """The text as search_index.put would index it, but for who wrote it and where."""
    terms = dict.fromkeys(words.written(content))
    if search.LINK.search(content):
        terms[search.MARKS["link"]] = None
    return Text(content, tuple(terms))
