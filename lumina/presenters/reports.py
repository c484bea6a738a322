"""What has been reported, to whoever reported it and to admins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lumina import models
from lumina.presenters import shapes, wire
from lumina.services.reports import Reported


def own(row: models.Report) -> shapes.Report:
    """A report, as whoever made it sees it."""
    return {
        "id": str(row.id),
        "kind": "message" if row.message_id else "person",
        "userId": str(row.user_id),
        "messageId": str(row.message_id) if row.message_id else None,
        "reason": row.reason,  # type: ignore[typeddict-item]
        "note": row.note,
        "createdAt": wire.time(row.created_at),
    }


def received(item: Reported, senders: Mapping[str, models.User] | None = None) -> shapes.ReceivedReport:
    """A report as admins see it; with `senders` also what its excerpt shows."""
    row = item.report
    shape: shapes.ReceivedReport = {
        **own(row),  # type: ignore[typeddict-item]
        "reporter": wire.person(item.reporter),
        "user": wire.person(item.user),
        "state": row.state,  # type: ignore[typeddict-item]
        "settledAt": wire.maybe_time(row.settled_at),
    }
    if senders is not None:
        shape["excerpt"] = [_shown(one, senders[one["senderId"]], row.id) for one in row.excerpt or ()]
    return shape


def _shown(kept: dict[str, Any], sender: models.User, report_id: int) -> shapes.ReportedMessage:
    return {
        "messageId": kept["messageId"],
        "sender": wire.person(sender),
        "content": kept["content"],
        "isDeleted": kept["isDeleted"],
        "files": [
            {
                "id": file["id"],
                "fileName": file["fileName"],
                "fileSize": file["fileSize"],
                "mimeType": file["mimeType"],
                "url": f"/admin/reports/{report_id}/files/{file['id']}",
            }
            for file in kept["files"]
        ],
        "createdAt": wire.time(datetime.fromisoformat(kept["createdAt"])),
    }
