"""Conversations between people who have their windows open at the same time."""

from playwright.sync_api import expect

BUBBLE = "bubble => bubble.querySelector('.bubble').outerHTML"


def test_two_people_talk(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    one, other = inbox(mara, conversation), inbox(tomasz, conversation)
    one.send("Is the draft ready?")
    other.shows("Is the draft ready?")
    other.send("Nearly.", "Tomorrow at noon.")
    for window in (one, other):
        window.shows("Is the draft ready?", "Nearly.", "Tomorrow at noon.")


def test_both_see_the_same_bubble(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    one, other = inbox(mara, conversation), inbox(tomasz, conversation)
    one.send("The same for everybody")
    other.shows("The same for everybody")
    one.shows("The same for everybody")
    assert one.bubbles.evaluate(BUBBLE) == other.bubbles.evaluate(BUBBLE)
    assert one.bubbles.get_attribute("id") == other.bubbles.get_attribute("id")


def test_a_message_is_pending_until_the_server_has_it(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    one, other = inbox(mara, conversation), inbox(tomasz, conversation).wait_until_live()
    held = one.hold_sending()
    one.send("On its way")
    expect(one.bubble("On its way")).to_have_attribute("data-state", "pending")
    expect(one.field).to_have_value("")
    assert other.bubbles.count() == 0
    one.wait_for(lambda: held)
    held.pop().continue_()
    expect(one.bubble("On its way")).to_have_attribute("data-state", "sent")
    other.shows("On its way")
    one.shows("On its way")


def test_a_group_of_three(inbox, talk, mara, tomasz, ines):
    conversation = talk.group(mara, tomasz, ines, name="Harbour review")
    windows = [inbox(person, conversation) for person in (mara, tomasz, ines)]
    for window, text in zip(windows, ("Shall we begin?", "Yes.", "I am here too."), strict=True):
        window.send(text)
        for each in windows:
            expect(each.bubble(text)).to_have_count(1)
    for window in windows:
        window.shows("Shall we begin?", "Yes.", "I am here too.")
    expect(windows[2].bubble("Yes.").locator(".sender")).to_have_text("Tomasz Novak")


def test_what_was_said_before_the_socket_stood_is_caught_up(inbox, talk, mara, tomasz):
    """The page is rendered, then a message is sent, and only then the connection is allowed."""
    conversation = talk.direct(mara, tomasz)
    talk.say(tomasz, conversation, "Before")
    window = inbox(mara)
    late = []
    window.page.route("**/js/app.js", lambda route: late.append(route))
    window.page.goto(f"/conversations/{conversation}", wait_until="commit")
    window.wait_for(lambda: late)
    talk.say(tomasz, conversation, "Between")
    late.pop().continue_()
    window.shows("Before", "Between")


def test_somebody_is_typing(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    one = inbox(mara, conversation).wait_until_live()
    other = inbox(tomasz, conversation).wait_until_live()
    line = one.page.locator("typing-line")
    other.field.press_sequentially("Let me", delay=80)
    expect(line).to_have_text("Tomasz is typing…")
    expect(one.row(conversation).locator("[data-preview]")).to_have_text("Typing…")
    other.field.press("Enter")
    expect(line).to_be_hidden()
    one.shows("Let me")
    other.field.press_sequentially("or rather", delay=80)
    expect(line).to_be_visible()
    other.write("")
    expect(line).to_be_hidden()


def test_nobody_types_for_longer_than_they_do(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    one = inbox(mara, conversation, new=True)
    one.page.clock.install()
    one.page.reload()
    one.wait_until_live()
    other = inbox(tomasz, conversation).wait_until_live()
    other.field.press_sequentially("…")
    expect(one.page.locator("typing-line")).to_be_visible()
    one.page.clock.fast_forward(6_000)
    expect(one.page.locator("typing-line")).to_be_hidden()
