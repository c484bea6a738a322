"""Words, times, links and previews as people read them."""

import string
from datetime import UTC, datetime, timedelta, timezone

import pytest

from lumina.models import Session
from lumina.presenters import devices, previews, times
from lumina.presenters.texts import ENGLISH, browser_texts, t

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1"


def test_a_text_fills_its_blanks():
    assert t("row.person", name="Ann", text="{x}") == "Ann: {x}"
    assert t("list.title") == "Inbox"
    with pytest.raises(KeyError):
        t("no.such.text")


def test_every_text_can_be_filled():
    for key, text in ENGLISH.items():
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        assert all(name.isidentifier() for name in names), key
        assert text.strip(), key


def test_the_browser_gets_its_own_texts():
    assert browser_texts()["retry"] == ENGLISH["js.retry"]
    assert all("." not in key for key in browser_texts())


@pytest.mark.parametrize(
    ("moment", "iso"),
    [
        (datetime(2026, 11, 2, 9, 5, tzinfo=UTC), "2026-11-02T09:05:00.000Z"),
        (datetime(2026, 11, 2, 9, 5, tzinfo=timezone(timedelta(hours=2))), "2026-11-02T07:05:00.000Z"),
        ("2026-11-02T09:05:00.123Z", "2026-11-02T09:05:00.123Z"),
    ],
)
def test_times(moment, iso):
    assert times.iso(moment) == iso
    assert times.clock(iso) == iso[11:16]
    assert times.day(iso) == "2 Nov 2026"
    assert times.day_and_clock(iso) == f"2 Nov, {iso[11:16]}"
    assert times.day_and_clock(moment) == f"2 Nov, {iso[11:16]}"


def conversation(type="direct", **message):
    known = {
        "content": "Good\n  morning",
        "senderId": "2",
        "sender": {"firstName": "Ann"},
        "isDeleted": False,
    }
    last = {**known, "messageType": "text", **message} if message is not None else None
    return {"type": type, "lastMessage": last}


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (conversation(), "Good morning"),
        (conversation(senderId="1"), "You: Good morning"),
        (conversation("group"), "Ann: Good morning"),
        (conversation("group", senderId="1"), "You: Good morning"),
        (conversation("group", messageType="system"), "Good morning"),
        (conversation(content="> Hm\n**Good**  [morning](https://a.example)"), "Hm Good morning"),
        (conversation(content="*Mara* left", messageType="system"), "*Mara* left"),
        (conversation(isDeleted=True), "Message deleted"),
        ({"type": "direct", "lastMessage": None}, "No messages yet"),
    ],
)
def test_previews(shown, text):
    assert previews.preview(shown, "1") == text


@pytest.mark.parametrize(
    ("agent", "kind", "label"),
    [
        (FIREFOX, "web", "Firefox on Linux"),
        (CHROME, "web", "Chrome on Windows"),
        (CHROME + " Edg/140.0", "web", "Edge on Windows"),
        (SAFARI, "web", "Safari on iPhone"),
        ("python-requests/2.32 x", "api", "python-requests/2.32"),
        ("", "api", "Program"),
        ("Lynx on Linux", "web", "Linux"),
        ("", "web", "Unknown device"),
    ],
)
def test_devices(agent, kind, label):
    now = datetime.now(UTC)
    row = Session(id=7, kind=kind, user_agent=agent, address="::1", last_seen_at=now)
    [device] = devices.listed([row], 7)
    assert device == devices.Device(7, kind, label, "::1", now, True)
    assert devices.listed([row], 8)[0].is_current is False
