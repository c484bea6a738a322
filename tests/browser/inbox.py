"""One person's window, as they see and use it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route, expect

from tests.support.cast import Person

# Joining twice does no harm, and its answer tells that the server has done what was asked before.
LIVE = """async () => {
  const app = document.querySelector("script[type=module]").src;
  const { live } = await import(new URL("socket.js", app));
  const heard = (name) => new Promise((resolve) => live.addEventListener(name, () => resolve(), { once: true }));
  if (!live.connected) await heard("connected");
  const open = document.querySelector("message-list")?.dataset.conversationId;
  if (!open) return;
  const watching = heard("watching");
  live.watch(open);
  await watching;
}"""
COMPOSER = "message-composer textarea"


class Inbox:
    """Signed in; `page` is for whatever has no name here."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, conversation: str, message: str | None = None) -> Inbox:
        """Goes to a conversation, or to one of its messages."""
        self.page.goto(f"/conversations/{conversation}" + (f"/messages/{message}" if message else ""))
        return self

    def wait_until_live(self) -> Inbox:
        """Until the server knows what is looked at here; what others type before is not shown."""
        # Evaluated rather than waited for as a function, which takes a promise of false for true.
        self.page.evaluate(LIVE)
        return self

    @property
    def field(self) -> Locator:
        return self.page.locator(COMPOSER)

    @property
    def bubbles(self) -> Locator:
        return self.page.locator(".messages > .message")

    @property
    def contents(self) -> Locator:
        return self.bubbles.locator("[data-content]")

    @property
    def banner(self) -> Locator:
        return self.page.locator(".banner[data-offline]")

    @property
    def jump(self) -> Locator:
        return self.page.locator("button[data-jump]")

    @property
    def rows(self) -> Locator:
        return self.page.locator("#conversation-rows > .row")

    def bubble(self, text: str) -> Locator:
        return self.bubbles.filter(has=self.page.get_by_text(text, exact=True))

    def row(self, conversation: str) -> Locator:
        return self.page.locator(f"#row-{conversation}")

    def write(self, text: str) -> None:
        """Types over what the composer holds."""
        self.field.fill(text)

    def send(self, *texts: str) -> None:
        for text in texts:
            self.write(text)
            self.field.press("Enter")

    def hold_sending(self) -> list[Route]:
        """Messages go no further than this list, until their routes are continued."""
        held: list[Route] = []
        self.page.route("**/conversations/*/messages", lambda route: held.append(route))
        return held

    def wait_for(self, happened: Callable[[], object]) -> None:
        """Lets the window go on until something outside it has happened."""
        while not happened():
            self.page.wait_for_timeout(10)

    def find_person(self, person: Person) -> None:
        """Searches where people are found, until one alone is left."""
        self.page.get_by_label("Find people").fill(person.email)
        expect(self.page.locator("#people .person")).to_have_count(1)

    def stop_looking(self) -> None:
        """As if another window had come before this one."""
        self.page.evaluate("document.hasFocus = () => false")

    def look_again(self) -> None:
        self.page.evaluate("delete document.hasFocus; dispatchEvent(new Event('focus'))")

    def shows(self, *contents: str) -> None:
        """Exactly these messages, in this order, and all of them with the server."""
        expect(self.contents).to_have_text(list(contents))
        expect(self.page.locator(".message:is([data-state=pending], [data-state=failed])")).to_have_count(0)
