"""The mail about what waits for somebody who is away."""

from __future__ import annotations

from lumina.presenters import naming, previews, wire
from lumina.presenters.texts import t
from lumina.services.events import DigestDue


def words(event: DigestDue, site: str, unsubscribe: str) -> tuple[str, str]:
    """Its subject and its text."""
    viewer_id = str(event.reader.id)
    shown = [wire.conversation(view, event.reader) for view in event.waiting]
    parts = []
    for conversation in shown:
        count = conversation["unreadCount"]
        title = t("mail.digest.hidden") if event.hide_content else naming.title(conversation, viewer_id)
        many = t("notification.one") if count == 1 else t("notification.several", count=count)
        lines = [f"{title}: {many}"]
        if not event.hide_content:
            lines.append(f"  {previews.preview(conversation, viewer_id)}")
        parts.append("\n".join([*lines, f"  {site}/conversations/{conversation['id']}"]))
    count = len(shown)
    subject = t("mail.digest.subject_one") if count == 1 else t("mail.digest.subject", count=count)
    body = t(
        "mail.digest.body", name=event.reader.first_name, waiting="\n\n".join(parts), unsubscribe=unsubscribe
    )
    return subject, body
