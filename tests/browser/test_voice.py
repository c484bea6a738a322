"""Voice messages: recorded with Chromium's fake microphone, heard before they are sent, and played by the other one."""

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE
from tests.browser.touch import touching
from tests.support import files
from tests.support.waiting import eventually

pytestmark = ON_SQLITE
DENY = """name => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", name));
}"""
ENDED = "document.addEventListener('voice-ended', () => { window.ended = (window.ended ?? 0) + 1; })"


@pytest.fixture
def conversation(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


def recorder(window):
    return window.page.locator(".recorder")


def voice(window):
    return window.page.locator(".message:not([data-order]) voice-message")


def record(window, seconds=1.2):
    window.page.get_by_role("button", name="Record a voice message").click()
    expect(window.page.locator(".recorder-time")).to_have_text("0:01", timeout=5_000)
    window.page.wait_for_timeout(max(seconds - 1, 0) * 1000)


def test_recorded_sent_and_played_to_its_end(inbox, mara, tomasz, conversation):
    one, other = inbox(mara, conversation), inbox(tomasz, conversation)
    record(one, 1.5)
    heights = [float(bar.get_attribute("height")) for bar in one.page.locator(".recorder rect").all()]
    assert max(heights) > 2, "the level shows the beeps"
    one.page.get_by_role("button", name="Send voice message").click()
    expect(recorder(one)).to_have_count(0)
    for window in (one, other):
        expect(voice(window)).to_have_count(1)
    length = int(voice(other).get_attribute("data-duration"))
    assert 1_000 < length < 6_000
    bars = {float(bar.get_attribute("height")) for bar in voice(other).locator("rect").all()}
    assert len(bars) > 2, "silence and beeps differ"
    other.page.evaluate(ENDED)
    expect(voice(other)).to_have_attribute("data-unheard", "")
    voice(other).get_by_role("button", name="Play").click()
    expect(voice(other)).to_have_attribute("data-playing", "")
    assert eventually(lambda: other.page.evaluate("window.ended") == 1, 12)
    expect(voice(other)).not_to_have_attribute("data-playing", "")
    expect(voice(other)).not_to_have_attribute("data-unheard", "")


def test_heard_before_it_is_sent_and_discarded(inbox, mara, conversation):
    window = inbox(mara, conversation)
    record(window)
    window.page.get_by_role("button", name="Stop and listen").click()
    length = window.page.locator(".recorder-time").text_content()
    window.page.locator(".recorder").get_by_role("button", name="Play").click()
    expect(recorder(window)).to_have_attribute("data-playing", "")
    expect(window.page.locator(".recorder .ahead")).not_to_have_count(0)
    # At its end it shows the whole length again.
    expect(recorder(window)).not_to_have_attribute("data-playing", "", timeout=8_000)
    expect(window.page.locator(".recorder .ahead")).to_have_count(0)
    expect(window.page.locator(".recorder-time")).to_have_text(length)
    window.page.get_by_role("button", name="Discard").click()
    expect(recorder(window)).to_have_count(0)
    expect(window.page.locator("textarea")).to_be_visible()
    record(window)
    window.page.keyboard.press("Escape")
    expect(recorder(window)).to_have_count(0)
    expect(voice(window)).to_have_count(0)


def test_held_and_let_go(inbox, mara, conversation):
    window = inbox(mara, conversation)
    box = window.page.locator("[data-record]").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    window.page.mouse.move(x, y)
    window.page.mouse.down()
    window.page.wait_for_timeout(1300)
    window.page.mouse.up()
    expect(voice(window)).to_have_count(1)
    window.page.mouse.move(x, y)
    window.page.mouse.down()
    window.page.wait_for_timeout(700)
    window.page.mouse.move(x - 150, y, steps=5)
    window.page.mouse.up()
    expect(recorder(window)).to_have_count(0)
    window.page.wait_for_timeout(500)
    expect(voice(window)).to_have_count(1)


def test_held_by_a_finger_that_wanders(inbox, mara, conversation):
    window = inbox(mara, conversation, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    box = window.page.locator("[data-record]").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    with touching(window.page, x, y) as finger:
        expect(window.page.locator(".recorder-time")).to_have_text("0:01", timeout=5_000)
        finger(*((x, y - up) for up in range(10, 70, 10)))
        expect(recorder(window)).to_have_count(1)
    expect(voice(window)).to_have_count(1)
    with touching(window.page, x, y) as finger:
        window.page.wait_for_timeout(600)
        finger(*((x - aside, y) for aside in range(10, 130, 20)))
        expect(recorder(window)).to_have_count(0)
    window.page.wait_for_timeout(500)
    expect(voice(window)).to_have_count(1)


def test_what_could_not_be_sent_can_be_sent_again(inbox, mara, conversation):
    window = inbox(mara, conversation)
    window.page.route("**/uploads", lambda route: route.abort())
    record(window)
    window.page.get_by_role("button", name="Send voice message").click()
    expect(window.page.locator("#toasts")).to_contain_text("Not uploaded.")
    expect(recorder(window)).to_have_attribute("data-state", "failed")
    window.page.unroute_all()
    window.page.get_by_role("button", name="Send voice message").click()
    expect(voice(window)).to_have_count(1)


def test_a_microphone_that_is_unplugged(inbox, mara, conversation):
    window = inbox(mara, conversation)
    window.page.evaluate("""() => {
      const { mediaDevices } = navigator, open = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (wanted) => (window.stream = await open(wanted));
    }""")
    record(window)
    # As when it is unplugged, the recorder stops by itself.
    window.page.evaluate("window.stream.getTracks().forEach((track) => track.stop())")
    window.page.wait_for_timeout(200)
    window.page.get_by_role("button", name="Send voice message").click()
    expect(voice(window)).to_have_count(1)


def test_discarded_before_the_microphone_is_there(inbox, mara, conversation):
    window = inbox(mara, conversation)
    window.page.evaluate("""() => {
      const { mediaDevices } = navigator, open = mediaDevices.getUserMedia.bind(mediaDevices);
      const asked = new Promise((resolve) => { window.allow = resolve; });
      window.streams = [];
      mediaDevices.getUserMedia = async (wanted) => {
        await asked;
        const stream = await open(wanted);
        window.streams.push(stream);
        return stream;
      };
    }""")
    window.page.get_by_role("button", name="Record a voice message").click()
    window.page.get_by_role("button", name="Discard").click()
    window.page.get_by_role("button", name="Record a voice message").click()
    window.page.evaluate("window.allow()")
    expect(window.page.locator(".recorder-time")).to_have_text("0:01", timeout=5_000)
    alive = "window.streams.filter((one) => one.getTracks().some(({ readyState }) => readyState === 'live')).length"
    assert window.page.evaluate(alive) == 1
    window.page.get_by_role("button", name="Discard").click()
    assert window.page.evaluate(alive) == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [("NotAllowedError", "The microphone is blocked"), ("NotFoundError", "No microphone was found")],
)
def test_without_a_microphone(inbox, mara, conversation, name, words):
    window = inbox(mara, conversation)
    window.page.evaluate(DENY, name)
    window.page.get_by_role("button", name="Record a voice message").click()
    expect(window.page.locator("#toasts")).to_contain_text(words)
    expect(recorder(window)).to_have_count(0)
    expect(window.page.locator("textarea")).to_be_visible()


def test_one_at_a_time_and_the_next_unheard_plays_on(inbox, talk, mara, tomasz, conversation):
    for _ in range(3):
        talk.send_files(tomasz, conversation, ("v.webm", files.sound()), messageType="voice")
    window = inbox(mara, conversation)
    window.page.evaluate(ENDED)
    first, second, third = (voice(window).nth(n) for n in range(3))
    third.get_by_role("button", name="Play").click()
    expect(third).to_have_attribute("data-playing", "")
    first.get_by_role("button", name="Play").click()
    expect(third).not_to_have_attribute("data-playing", "")
    expect(second).to_have_attribute("data-playing", "", timeout=5_000)
    assert eventually(lambda: window.page.evaluate("window.ended") == 2, 8)
    # The third one was heard, so that it is quiet now.
    window.page.wait_for_timeout(400)
    assert window.page.locator("[data-playing]").count() == 0


def test_speed_is_remembered_and_one_can_seek(inbox, talk, mara, tomasz, conversation):
    talk.send_files(tomasz, conversation, ("v.m4a", files.sound("m4a", 4)), messageType="voice")
    window = inbox(mara, conversation)
    speed = voice(window).get_by_role("button", name="Speed")
    for expected in ("1.5×", "2×", "1×", "1.5×"):
        speed.click()
        expect(speed).to_have_text(expected)
    window.page.reload()
    expect(voice(window).get_by_role("button", name="Speed")).to_have_text("1.5×")
    voice(window).get_by_label("Position").fill("500")
    expect(voice(window).locator(".voice-time")).to_have_text("0:02 / 0:04")
    assert voice(window).locator(".played").count() == 22
