"""Every page, light on a desktop and dark on a phone: found accessible, as wide as the window, and without errors."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.talk import ON_SQLITE, Talk
from tests.support import files

pytestmark = ON_SQLITE
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
NARROWEST = {"width": 320, "height": 640}
PUBLIC = ["/login", "/register", "/forgot", "/reset/token", "/nowhere"]
PRIVATE = [
    "/conversations",
    "/conversations?filter=archived",
    "/conversations?query=nobody",
    "/conversations/{direct}",
    "/conversations/{direct}/details",
    "/conversations/{group}",
    "/conversations/{group}/messages/{message}",
    "/conversations/{group}/details",
    "/conversations/{empty}",
    "/conversations/{blocked}/details",
    "/conversations/new",
    "/search",
    "/search?query=good&conversation={group}",
    "/search?query=lumina&after=2026-01-01",
    "/settings",
    "/wallet",
    "/wallet?account=pending&amount=1250&return_to=/experts",
    "/wallet/topups/{topup}",
    "/sandbox/checkout/{sandbox}",
    "/experts",
    "/experts?query=nobody+at+all",
    "/experts/{expert}",
    "/experts/{expert}/ask",
    "/experts/{closed}",
    "/experts/{own}",
    "/conversations/{group}/messages/{message}/report",
    "/people/{expert}/report",
    "/priority",
    "/priority/{direct}",
    "/priority/{asked}",
]
ADMIN = [
    "/admin",
    "/admin/disputes",
    "/admin/disputes?state=split",
    "/admin/disputes/{escrow}",
    "/admin/payouts",
    "/admin/reports",
    "/admin/reports/{report}",
    "/admin/people",
    "/admin/people?query=nobody",
    "/admin/people/{client}",
    "/admin/log",
]
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 6
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden"))
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
  .map((one) => one.outerHTML.slice(0, 120))"""
# Boxes that scroll sideways, or would have to for somebody to see all: code and rows of tabs alone may.
SIDEWAYS = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
  .filter((one) => ["auto", "scroll"].includes(getComputedStyle(one).overflowX) && !one.closest("tab-row, pre"))
  .map((one) => `${one.outerHTML.slice(0, 80)}: ${[...one.querySelectorAll("*")]
    .filter((each) => each.getBoundingClientRect().right > one.getBoundingClientRect().right + 1)
    .map((each) => each.outerHTML.slice(0, 80))}`)"""
LARGE_TEXT = "document.documentElement.style.fontSize = '200%'"
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def people(live_server):
    """Who looks at all these pages, and two others."""
    names = [("Mara", "Ellison"), ("Tomasz", "Novak"), ("Ines", "Okafor")]
    return [live_server.register(*name) for name in names]


@pytest.fixture(scope="module")
def places(live_server, people):
    """What stands for the names in braces: conversations with a little of everything."""
    talk, (mara, tomasz, ines) = Talk(live_server), people
    direct = talk.direct(mara, tomasz)
    group = talk.group(mara, tomasz, ines, name="Harbour review", description="What the harbour needs")
    talk.say(mara, direct, "See https://lumina.example/a/rather/long/address/" + "x" * 60, LONG)
    said = talk.say(tomasz, group, "Good morning", "A question:\n\nwho has the figures?")
    talk.send_files(
        mara, direct, ("wide.png", files.picture("PNG", (3000, 300))), ("x" * 100 + ".pdf", files.PDF)
    )
    talk.send_files(tomasz, direct, *[(f"{n}.png", files.picture()) for n in range(3)])
    talk.send_files(tomasz, direct, ("song.mp3", files.sound("mp3")), ("clip.mp4", files.film()))
    talk.send_files(tomasz, direct, ("v.webm", files.sound()), messageType="voice")
    names = {"direct": direct, "group": group, "message": said[0], "empty": talk.direct(mara, ines)}
    names |= money(talk.server, mara, tomasz)
    talk.offer(
        ines,
        headline=LONG[:120],
        bio=f"{LONG}\n\n- one\n- two",
        offer={"conversationPriceMinor": 100_000_000},
    )
    talk.offer(tomasz, offer={"open": False})
    talk.offer(mara, headline="Harbour engineer")
    names |= owing(talk.server, mara, [tomasz, ines])
    unwanted = live_server.register("Unwanted", "Person")
    names |= {"blocked": talk.direct(mara, unwanted)}
    talk.block(mara, unwanted)
    return names | {"expert": ines.id, "closed": tomasz.id, "own": mara.id}


def owing(server, expert, clients):
    """What an expert owes these clients: an answer to each, and one to an urgent message besides."""
    for client in clients:
        server.flask("wallet", "credit", client.email, "10000")
        body = {"type": "priority_dm", "participantIds": [expert.id]}
        made = server.call(client, "POST", "/api/messages/conversations", json=body).json()["data"]
        sent = {"conversationId": made["conversation"]["id"], "content": LONG}
        urgent = {"isPriority": True, "priorityLevel": "urgent"}
        assert server.call(client, "POST", "/api/messages", json=sent | urgent).status_code == 201
    return {"asked": sent["conversationId"]}


def money(server, client, expert):
    """A wallet with a little of everything, and a top-up that waits to be paid."""
    server.flask("wallet", "credit", client.email, "99999999")
    server.call(expert, "PUT", "/api/experts/me", json={"offer": {}})
    body = {"type": "priority_dm", "participantIds": [expert.id]}
    server.call(client, "POST", "/api/messages/conversations", json=body)
    server.call(client, "POST", "/api/wallet/payouts", json={"amountMinor": 100})
    begun = server.call(client, "POST", "/api/wallet/topups", json={"amountMinor": 500}).json()
    topup = begun["data"]["topup"]
    return {"topup": topup["id"], "sandbox": topup["checkoutUrl"].rpartition("/")[2]}


def look_at(page, path):
    """Goes there; whatever the console calls an error is one, but for the status of a page meant to be missing."""
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert [error for error in errors if "404" not in error] == []
    # Colours differ by theme, and what is shown by size: each of both is looked at once.
    for theme, size in (("light", DESKTOP), ("dark", PHONE)):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size(size)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{theme}, {size['width']}: {found.generate_report()}"
        assert page.evaluate(OVERFLOW) <= 0, page.evaluate(TOO_WIDE)
    page.evaluate(LARGE_TEXT)
    assert page.evaluate(SIDEWAYS) == []
    page.evaluate("document.documentElement.removeAttribute('style')")
    page.set_viewport_size(NARROWEST)
    assert page.evaluate(OVERFLOW) <= 0, page.evaluate(TOO_WIDE)
    assert page.evaluate(SIDEWAYS) == []


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page(visitor, path):
    look_at(visitor(reduced_motion="reduce"), path)


@pytest.mark.parametrize("path", PRIVATE)
def test_a_private_page(inbox, talk, people, places, path):
    mara, tomasz, _ = people
    talk.say(tomasz, places["direct"], "Unread")
    window = inbox(mara, reduced_motion="reduce")
    look_at(window.page, path.format(**places))


@pytest.fixture
def reported(talk, mara, tomasz):
    """Tomasz, by Mara, for what he has said."""
    direct = talk.direct(mara, tomasz)
    *_, rude = talk.say(tomasz, direct, LONG, "You fool")
    return talk.report(mara, rude, reason="abuse", note=LONG)


@pytest.mark.parametrize("path", ADMIN)
def test_a_page_of_admins(inbox, live_server, vera, disputed, reported, mara, path):
    live_server.call(mara, "POST", "/api/wallet/payouts", json={"amountMinor": 1234})
    window = inbox(vera, reduced_motion="reduce")
    names = {"escrow": disputed["id"], "client": mara.id, "report": reported["id"]}
    look_at(window.page, path.format(**names))


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_a_chosen_theme_wins_over_the_system_s(inbox, mara, theme):
    window = inbox(mara, color_scheme="light" if theme == "Dark" else "dark")
    page = window.page
    page.goto("/settings")
    page.get_by_label(theme).check()
    shade = (
        "getComputedStyle(document.body).colorScheme + getComputedStyle(document.documentElement).colorScheme"
    )
    assert theme.lower() in page.evaluate(shade)
    window.wait_for(lambda: "theme" in {cookie["name"] for cookie in page.context.cookies()})
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == theme.lower()
