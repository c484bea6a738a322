"""The installed app, and many tabs: one voice for all of them, and nothing of one person left for the next."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.inbox import Inbox
from tests.browser.talk import ON_SQLITE
from tests.support.browser import launch
from tests.support.push_service import KEYS

pytestmark = ON_SQLITE
COUNT = "document.addEventListener('sound-played', () => { window.sounds = (window.sounds ?? 0) + 1; });"
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.getNotifications()).map(({ tag, title, body }) => [tag, title, body]);
}"""
KEPT = """async () => {
  const names = await caches.keys();
  const found = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
  return found.flat().map((url) => new URL(url).pathname);
}"""
READY = "navigator.serviceWorker.ready.then(({ active }) => active.state)"
# A browser of the tests has no push service of its own.
SUBSCRIBES = f"""
const made = {{ endpoint: "https://push.example/1", keys: {json.dumps(KEYS)} }};
let standing = null;
PushManager.prototype.getSubscription = async () => standing;
PushManager.prototype.subscribe = async ({{ applicationServerKey }}) => {{
  window.subscribedWith = applicationServerKey;
  standing = {{ ...made, options: {{}}, toJSON: () => made, unsubscribe: async () => {{ standing = null; }} }};
  return standing;
}};
"""


@pytest.fixture(scope="session")
def browser(playwright):
    """The whole program: without its desktop there are no notifications."""
    yield from launch(playwright, "chromium")


@pytest.fixture
def direct(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


@pytest.fixture
def tabs(visitor, mara):
    """Windows of Mara's in one browser, with a service worker: tabs(3, "/conversations")."""

    def tabs(number, path="/conversations", script=COUNT):
        first = visitor(service_workers="allow", permissions=["notifications"])
        context = first.context
        context.add_init_script(script)
        sign_in(first, mara)
        pages = [first, *(context.new_page() for _ in range(number - 1))]
        for page in pages:
            page.goto(path)
            page.evaluate(READY)
        return [Inbox(page).wait_until_live() for page in pages]

    return tabs


def sounds(windows):
    return sum(window.page.evaluate("window.sounds ?? 0") for window in windows)


def test_three_tabs_make_one_sound(tabs, talk, tomasz, direct):
    windows = tabs(3)
    talk.say(tomasz, direct, "Listen")
    for window in windows:
        expect(window.row(direct)).to_contain_text("Listen")
    windows[0].wait_for(lambda: sounds(windows) == 1)
    # Whoever spoke for all goes, and another one speaks.
    left = windows[1:]
    windows[0].page.close()
    left[0].page.wait_for_timeout(1_100)
    talk.say(tomasz, direct, "Listen again")
    for window in left:
        expect(window.row(direct)).to_contain_text("Listen again")
    left[0].wait_for(lambda: sounds(left) == 1)


def test_no_sound_where_one_looks_at_it_or_wants_none(tabs, talk, mara, tomasz, direct):
    looking, other = tabs(2, f"/conversations/{direct}")
    talk.say(tomasz, direct, "Seen")
    expect(other.bubble("Seen")).to_be_visible()
    assert sounds([looking, other]) == 0
    talk.server.call(mara, "PATCH", "/api/users/me/notifications", json={"sound": "none"})
    for window in (looking, other):
        window.page.goto("/conversations")
        window.wait_until_live()
    talk.say(tomasz, direct, "Silent")
    expect(other.row(direct)).to_contain_text("Silent")
    assert sounds([looking, other]) == 0


def test_a_notification_comes_once_and_goes_when_it_is_read(tabs, talk, mara, tomasz, direct):
    windows = tabs(2)
    for window in windows:
        window.stop_looking()
        window.page.evaluate("dispatchEvent(new Event('blur'))")
    page = windows[0].page
    *_, last = talk.say(tomasz, direct, "One", "Two")
    tag = f"conversation-{direct}"
    windows[0].wait_for(lambda: page.evaluate(SHOWN) == [[tag, "Tomasz Novak", "Two"]])
    talk.read(mara, direct, last)
    windows[0].wait_for(lambda: page.evaluate(SHOWN) == [])


def deliver(window, direct, payload):
    """As the browser does with what its push service brings."""
    page = window.page
    client = page.context.new_cdp_session(page)
    registrations = []
    client.on(
        "ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"])
    )
    client.send("ServiceWorker.enable")
    window.wait_for(lambda: registrations)
    client.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": page.evaluate("location.origin"),
            "registrationId": registrations[0]["registrationId"],
            "data": json.dumps(payload),
        },
    )


@pytest.fixture
def unattended(tabs):
    """One tab, which lies behind another."""
    [window] = tabs(1)
    client = window.page.context.new_cdp_session(window.page)
    # Otherwise every page of a test takes itself for the one in front.
    client.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    window.page.context.new_page().bring_to_front()
    return window


def message(direct, **more):
    about = {"tag": f"conversation-{direct}", "conversationId": direct, "unread": 1}
    said = {"type": "message", "title": "Tomasz Novak", "body": "Hello", "url": f"/conversations/{direct}"}
    return about | said | more


def test_a_push_is_shown_and_taken_away_by_the_worker(unattended, direct):
    window, tag = unattended, f"conversation-{direct}"
    deliver(window, direct, message(direct))
    window.wait_for(lambda: window.page.evaluate(SHOWN) == [[tag, "Tomasz Novak", "Hello"]])
    deliver(window, direct, message(direct, body="2 new messages"))
    window.wait_for(lambda: window.page.evaluate(SHOWN) == [[tag, "Tomasz Novak", "2 new messages"]])
    deliver(window, direct, {"type": "read", "tag": tag, "conversationId": direct, "unread": 0})
    window.wait_for(lambda: window.page.evaluate(SHOWN) == [])


def test_a_click_on_it_leads_the_tab_that_is_there(unattended, direct):
    window = unattended
    deliver(window, direct, message(direct))
    window.wait_for(lambda: window.page.evaluate(SHOWN))
    [worker] = window.page.context.service_workers
    worker.evaluate(
        """async () => {
          const [notification] = await registration.getNotifications();
          dispatchEvent(new NotificationEvent("notificationclick", { notification }));
        }"""
    )
    window.page.wait_for_url(f"**/conversations/{direct}")
    window.wait_for(lambda: window.page.evaluate(SHOWN) == [])


def test_it_can_be_installed(tabs):
    [window] = tabs(1)
    client = window.page.context.new_cdp_session(window.page)
    found = client.send("Page.getAppManifest")
    assert (found["errors"], found["url"].endswith("/manifest.webmanifest")) == ([], True)
    assert client.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
        [],
        [{"errorId": "in-incognito", "errorArguments": []}],
    )


def test_without_a_connection_a_page_says_so_and_comes_back(tabs, direct):
    [window] = tabs(1)
    window.page.context.set_offline(True)
    window.page.goto(f"/conversations/{direct}")
    expect(window.page.get_by_role("heading", name="No connection")).to_be_visible()
    window.page.context.set_offline(False)
    expect(window.field).to_be_visible(timeout=15_000)


def test_nothing_private_is_kept(tabs, talk, tomasz, direct):
    talk.say(tomasz, direct, "Between us")
    [window] = tabs(1, f"/conversations/{direct}")
    kept = window.page.evaluate(KEPT)
    assert "/offline" in kept
    assert all(path == "/offline" or path.startswith("/static/") for path in kept)
    window.page.goto("/settings")
    window.page.get_by_role("button", name="Sign out", exact=True).click()
    window.page.wait_for_url("**/login")
    for path in window.page.evaluate(KEPT):
        assert path == "/offline" or path.startswith("/static/")


def test_notifications_on_this_device(tabs):
    [window] = tabs(1, "/settings", SUBSCRIBES)
    switch = window.page.get_by_role("switch", name="Notifications on this device")
    expect(switch).not_to_be_checked()
    with window.page.expect_response("**/push/subscriptions") as subscribed:
        switch.click()
    assert subscribed.value.status == 204
    expect(switch).to_be_checked()
    key = window.page.locator("meta[name=push-key]").get_attribute("content")
    assert window.page.evaluate("window.subscribedWith") == key
    with window.page.expect_response("**/push/subscriptions/remove") as removed:
        switch.click()
    assert removed.value.status == 204
    expect(switch).not_to_be_checked()


def test_where_there_can_be_none_it_says_why(inbox, mara):
    page = inbox(mara, new=True).page
    page.goto("/settings")
    expect(page.get_by_text("This browser knows no notifications")).to_be_visible()


def test_the_icon_and_the_title_count(inbox, talk, mara, tomasz, ines, direct):
    window = inbox(mara).wait_until_live()
    icon = window.page.locator("link[rel=icon]")
    plain = icon.get_attribute("href")
    talk.say(tomasz, direct, "One")
    talk.say(ines, talk.direct(mara, ines), "Two")
    expect(icon).to_have_attribute("href", "/icons/unread/2.svg")
    expect(window.page).to_have_title("(2) Inbox · Lumina")
    for conversation in (direct, talk.direct(mara, ines)):
        talk.read(mara, conversation, talk.messages(mara, conversation)[-1]["id"])
    expect(window.page).to_have_title("Inbox · Lumina")
    assert icon.get_attribute("href").endswith(plain)


def test_they_count_where_there_is_no_list(inbox, talk, mara, tomasz, ines, direct):
    window = inbox(mara)
    window.page.goto("/wallet")
    window.wait_until_live()
    talk.say(tomasz, direct, "One", "More")
    expect(window.page).to_have_title("(1) Wallet · Lumina")
    talk.say(ines, talk.direct(mara, ines), "Two")
    badge = window.page.locator(".rail [data-unread-conversations]")
    expect(badge).to_have_text("2")
    talk.read(mara, direct, talk.messages(mara, direct)[-1]["id"])
    expect(badge).to_have_text("1")
    window.page.locator(".rail-item").filter(has_text="Inbox").click()
    expect(window.rows).to_have_count(2)
    expect(badge).to_have_text("1")


def test_a_session_that_ends_asks_and_loses_nothing(inbox, talk, mara, tomasz, direct):
    window = inbox(mara, direct, new=True).wait_until_live()
    window.write("Half a thought")
    talk.sign_out_everywhere(mara)
    banner = window.page.locator(".banner[data-signed-out]")
    expect(banner).to_be_visible(timeout=15_000)
    for width in (1280, 390, 320):
        window.page.set_viewport_size({"width": width, "height": 800})
        line, below = banner.bounding_box(), window.page.locator("message-list").bounding_box()
        assert line["y"] + line["height"] <= below["y"]
    expect(window.field).to_have_value("Half a thought")
    banner.get_by_role("button", name="Sign in").click()
    window.page.wait_for_url("**/login?next=**")
    window.page.fill("input[name=email]", mara.email)
    window.page.fill("input[name=password]", mara.password)
    window.page.press("input[name=password]", "Enter")
    window.page.wait_for_url(f"**/conversations/{direct}")
    expect(window.field).to_have_value("Half a thought")
    window.field.press("Enter")
    window.shows("Half a thought")
