"""Every page, light on a desktop and dark on a phone: found accessible, as wide as the window, and without errors."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.talk import ON_SQLITE
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
]
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 6
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden"))
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
  .map((one) => one.outerHTML.slice(0, 120))"""
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def names(live_server, talk, mara, tomasz, ines):
    """What stands for the names in braces: conversations with a little of everything."""
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
    talk.say(tomasz, direct, "Unread")
    unwanted = live_server.register("Unwanted", "Person")
    blocked = talk.direct(mara, unwanted)
    talk.block(mara, unwanted)
    return {
        "direct": direct,
        "group": group,
        "message": said[0],
        "empty": talk.direct(mara, ines),
        "blocked": blocked,
    }


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
    page.set_viewport_size(NARROWEST)
    assert page.evaluate(OVERFLOW) <= 0, page.evaluate(TOO_WIDE)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page(visitor, path):
    look_at(visitor(reduced_motion="reduce"), path)


@pytest.mark.parametrize("path", PRIVATE)
def test_a_private_page(inbox, mara, names, path):
    window = inbox(mara, reduced_motion="reduce")
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
