"""The requests that are timed, each with the mark that the large database's time over the small one's must keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from histories import texts, world
from histories.visitor import Visitor

Act = Callable[[Visitor, int], None]
SAME, WITHIN, OVER, HUGE = 1.2, 2.0, 3.0, 3.0
COMMON, OTHER, CHINESE = "report", "invo", "合同"


class Case(NamedTuple):
    name: str
    mark: float
    act: Act
    # What has to happen before it, untimed.
    before: Act | None = None
    # What the small database is asked instead, where its own answer would have fewer rows.
    usual: Act | None = None


def _list(visitor: Visitor, turn: int) -> None:
    visitor.get("/api/messages/conversations?limit=10", visitor.ordinary(turn))


def _unread(visitor: Visitor, turn: int) -> None:
    visitor.get("/api/messages/conversations?limit=10&filter=unread", visitor.ordinary(turn))


def _inbox(visitor: Visitor, turn: int) -> None:
    visitor.page("/conversations", visitor.ordinary(turn))


def _in_longest(question: str) -> Act:
    def act(visitor: Visitor, turn: int) -> None:
        path = f"/api/messages/conversations/{world.LONGEST}?{question}"
        visitor.get(path.format(**visitor.places(turn)), visitor.talker)

    return act


def _page(path: str, person: str = "talker", headers: dict[str, str] | None = None) -> Act:
    def act(visitor: Visitor, turn: int) -> None:
        visitor.page(path.format(**visitor.places(turn)), getattr(visitor, person), headers)

    return act


def _part(path: str) -> Act:
    return _page(path, headers={"HX-Request": "true"})


def _send(visitor: Visitor, turn: int) -> None:
    visitor.send(visitor.written_in, visitor.writers[0], f"A report of turn {turn}")


def _answer(visitor: Visitor, turn: int) -> None:
    visitor.send(visitor.written_in, visitor.writers[1], f"An answer to turn {turn}")


def _send_to_crowd(visitor: Visitor, turn: int) -> None:
    visitor.send(world.CROWD, visitor.talker, f"A report of turn {turn}")


def _read(visitor: Visitor, turn: int) -> None:
    body = {"messageId": visitor.latest}
    path = f"/api/messages/conversations/{visitor.written_in}/read"
    visitor.post(path, body, visitor.writers[0])


def _search(query: str, where: str, person: str | None = None) -> Act:
    def act(visitor: Visitor, turn: int) -> None:
        who = getattr(visitor, person) if person else visitor.ordinary(turn)
        visitor.get(f"/api/messages/search?query={query}&limit=5{where}", who)

    return act


def _get(path: str, person: str) -> Act:
    def act(visitor: Visitor, turn: int) -> None:
        visitor.get(path.format(**visitor.places(turn)), getattr(visitor, person))

    return act


BY_NAME = "/api/messages/conversations?limit=10&query={}"
IN_LONGEST = f"&conversationId={world.LONGEST}"
MEMBERS = f"/api/messages/conversations/{world.CROWD}/members"
CASES = [
    Case("list", SAME, _list),
    Case("list of unread", SAME, _unread),
    Case("inbox (page)", SAME, _inbox),
    Case("newest messages", SAME, _in_longest("limit=50")),
    Case("oldest messages", SAME, _in_longest("before={early}&limit=50")),
    Case("messages in the middle", SAME, _in_longest("before={middle}&limit=50")),
    Case("since a version", SAME, _in_longest("since={version}&limit=50")),
    Case("conversation (page)", SAME, _page(f"/conversations/{world.LONGEST}")),
    Case("details (page)", SAME, _page(f"/conversations/{world.LONGEST}/details")),
    Case(
        "shared files",
        SAME,
        _get(f"/api/messages/conversations/{world.LONGEST}/attachments?kind=media&limit=5", "talker"),
    ),
    Case("send", SAME, _send),
    Case("read", SAME, _read, before=_answer),
    Case("search within, common word", WITHIN, _search(COMMON, IN_LONGEST, "talker")),
    Case("search within, beginning", WITHIN, _search(OTHER, IN_LONGEST, "talker")),
    Case("search within, Chinese", WITHIN, _search(CHINESE, IN_LONGEST, "talker")),
    Case("search within, rare word", WITHIN, _search(texts.RARE, IN_LONGEST, "talker")),
    Case("search within, two words", WITHIN, _search(f"{COMMON} {OTHER}", IN_LONGEST, "talker")),
    Case("search over all, common word", OVER, _search(COMMON, "")),
    Case("search over all, rare word", OVER, _search(texts.RARE, "")),
    Case("search over all, Chinese", OVER, _search(CHINESE, "")),
    Case("5,000 conversations: list", HUGE, _get("/api/messages/conversations?limit=10", "busy")),
    Case("… unread", HUGE, _get("/api/messages/conversations?limit=10&filter=unread", "busy"), usual=_list),
    Case("… groups (page)", HUGE, _page("/conversations?filter=groups", "busy"), usual=_inbox),
    Case("… by name", HUGE, _get(BY_NAME.format("ellison"), "busy"), usual=_list),
    Case("… by a rare name", HUGE, _get(BY_NAME.format("1234"), "busy"), usual=_list),
    Case("… inbox (page)", HUGE, _page("/conversations", "busy")),
    Case("… search, common word", HUGE, _search(COMMON, "", "busy")),
    Case("… search, rare word", HUGE, _search(texts.RARE, "", "busy")),
    Case("… search, unknown word", HUGE, _search("zeugma", "", "busy")),
    Case("5,000 members: messages", HUGE, _get(f"/api/messages/conversations/{world.CROWD}", "talker")),
    Case("… conversation (page)", HUGE, _page(f"/conversations/{world.CROWD}")),
    Case("… send", HUGE, _send_to_crowd),
    Case("… details (page)", HUGE, _page(f"/conversations/{world.CROWD}/details")),
    Case("… members", HUGE, _get(f"{MEMBERS}?limit=50", "talker")),
    Case("… receipts (part)", HUGE, _part(f"/conversations/{world.CROWD}/messages/{{own}}/receipts")),
]
