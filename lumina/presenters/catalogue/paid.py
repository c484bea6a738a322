from __future__ import annotations

TEXTS: dict[str, str] = {
    "level.normal": "Normal",
    "level.high": "High",
    "level.urgent": "Urgent",
    "system.purchased": "{client} asked {expert} for {amount}",
    "system.answered": "{expert} answered in {span}. The {days} run from this answer",
    "system.answered_message": "{expert} answered. {amount} is paid out unless {client} objects",
    "system.refunded_expired": "No answer in time. {amount} is back in {client}’s wallet by itself",
    "system.refunded_declined": "{expert} declined. {amount} is back in {client}’s wallet",
    "system.refunded_cancelled": "{client} cancelled. {amount} is back in {client}’s wallet",
    "system.refunded_blocked": "They write to each other no more. {amount} is back in {client}’s wallet",
    "system.refunded_closed": "{expert} has closed their account. {amount} is back in {client}’s wallet",
    "system.refunded_suspended": "{expert} is not available any more. {amount} is back in {client}’s wallet",
    "system.refunded_resolved": "An admin decided: {amount} is back in {client}’s wallet",
    "system.released": "{part} has been paid out to {expert}",
    "system.released_fee": "{part} has been paid out to {expert}, after a fee of {fee}",
    "system.disputed": "{client} objected to the answer. {amount} waits for an admin’s decision",
    "system.split": "An admin divided {amount}: {part} for {expert}, {rest} back to {client}",
    "system.window_closed": "The time to talk is over. {client} can buy the next window",
    "mail.reminder.subject": "{client} waits for your answer",
    "mail.reminder.body": "Hello {name},\n\n{client} has paid {amount} for your answer. It is due by {due}; after that the"
    " money goes back to them by itself.\n\nAnswer, ask back or decline here:\n{link}\n",
    "span.days": "{days} d",
    "span.hours": "{hours} h",
    "span.minutes": "{minutes} min",
}
