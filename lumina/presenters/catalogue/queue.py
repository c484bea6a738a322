"""The priority inbox, and what reminds of it."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "queue.title": "Priority",
    "queue.total_one": "1 waiting · {amount} held",
    "queue.total": "{count} waiting · {amount} held",
    "js.queue-today": "Due today",
    "js.queue-later": "Tomorrow and later",
    "queue.list": "Waiting for your answer, soonest due first",
    "queue.asked": "asked",
    "queue.unwritten": "Has paid, but not written yet",
    "queue.more": "Show more",
    "queue.empty": "Nothing is owed",
    "queue.empty_hint": "When somebody pays for your attention, the question appears here with the time it is due.",
    "queue.none": "Choose a question",
    "queue.none_hint": "Until you open one, its client can still take it back.",
    "queue.taking_one": "Taking new questions, 1 of {most} places free",
    "queue.taking": "Taking new questions, {free} of {most} places free",
    "queue.full": "Full: {most} of {most} places taken",
    "queue.not_taking": "Not taking new questions",
    "queue.join_title": "Get paid for your answers",
    "queue.join": "Experts set a price and the hours within which they answer. Whoever asks pays first, the money is held"
    " until you have answered, and questions wait here, the soonest due on top.",
    "queue.join_button": "Set up your offer",
    "queue.decline": "Decline and refund {amount}",
    "queue.decline_one": "Decline the {level} message and refund {amount}",
    "queue.decline_sure": "{amount} goes back to {name} at once, and the question is closed.",
    "queue.decline_sure_one": "{amount} goes back to {name} at once. The conversation stays open.",
    "push.reminder": "Waits for your answer, {left} left. {amount} is held for it.",
    "push.reminder_hidden": "An answer is due",
    "js.reminder": "{name} waits until {time}",
    "js.open": "Open",
}
