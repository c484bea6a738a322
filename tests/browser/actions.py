"""What a person does with a bubble, and waits for."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.inbox import Inbox


def open_menu(window: Inbox, bubble: Locator) -> Locator:
    """The menu of a message, by the button that stands beside it under the pointer."""
    bubble.locator(".bubble").hover()
    window.page.get_by_role("button", name="More", exact=True).click()
    menu = window.page.get_by_role("menu")
    expect(menu).to_be_visible()
    return menu


def choose(window: Inbox, bubble: Locator, action: str) -> None:
    """One of the menu's actions."""
    open_menu(window, bubble).get_by_role("menuitem", name=action, exact=True).click()


def offered(window: Inbox, bubble: Locator) -> list[str]:
    """What the menu of a message has."""
    items = open_menu(window, bubble).get_by_role("menuitem").all_inner_texts()
    window.page.keyboard.press("Escape")
    return items


def strip(window: Inbox) -> Locator:
    """What stands above the field: the message that is replied to, or edited."""
    return window.page.locator("message-composer .strip")


def toast(page: Page, text: str) -> Locator:
    return page.locator(".toast", has_text=text)
