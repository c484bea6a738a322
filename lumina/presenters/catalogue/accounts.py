"""Signing in and up, mails, and how to do without them."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "auth.email": "Email",
    "auth.password": "Password",
    "auth.show_password": "Show password",
    "auth.sign_in": "Sign in",
    "auth.forgot": "Forgot it?",
    "auth.new_here": "New to Lumina?",
    "auth.register": "Create an account",
    "auth.register_button": "Create account",
    "auth.have_account": "Already have an account?",
    "auth.first_name": "First name",
    "auth.last_name": "Last name",
    "auth.password_hint": "At least 8 characters. A few words in a row work well.",
    "auth.forgot_title": "Reset your password",
    "auth.forgot_lead": "We send a link to your address. It works once, for one hour.",
    "auth.forgot_button": "Send the link",
    "auth.forgot_sent_title": "Look in your mail",
    "auth.forgot_sent": "If {email} has an account, a link to a new password is on its way.",
    "auth.back_to_sign_in": "Back to sign in",
    "auth.reset_title": "Choose a new password",
    "auth.reset_lead": "You will be signed out everywhere else.",
    "auth.reset_button": "Save password",
    "auth.reset_done": "Your new password is set. Sign in with it.",
    "auth.reset_again": "Ask for a new link",
    "auth.new_password": "New password",
    "auth.claim": "Ask someone who knows.",
    "auth.promise": "They answer in time,\nor your money comes back by itself.",
    "auth.panel_label": "Answer due in",
    "auth.panel_time": "34 h 32 min",
    "mail.reset.subject": "A new password for Lumina",
    "mail.reset.body": """\
Hello {name},

somebody, most likely you, asked for a new password for your account at Lumina.
This link sets one. It works once, within the next hour:

{link}

If it was not you, ignore this mail: nothing changes without the link.
""",
    "mail.digest.subject_one": "A conversation waits for you",
    "mail.digest.subject": "{count} conversations wait for you",
    "mail.digest.hidden": "A conversation",
    "mail.digest.body": """\
Hello {name},

while you were away this has come for you:

{waiting}

There is no further mail until you have been back.
No such mails at all: {unsubscribe}
""",
    "unsubscribe.title": "Mails about what waits",
    "unsubscribe.lead": "When you have been away for hours, Lumina mails you what waits for you.",
    "unsubscribe.button": "Send me no such mails",
    "unsubscribe.done": "You get no such mails any more. You can turn them on again in your settings.",
}
