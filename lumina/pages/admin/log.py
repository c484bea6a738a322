"""The audit log."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import request

from lumina.pages.admin.door import admin, blueprint, render
from lumina.presenters import administration as shown
from lumina.presenters import wire
from lumina.services import administration, audit

CHOICES = 8


@blueprint.get("/log")
def log() -> str:
    """What admins and commands have done, newest first; by one person or about them. A name that several bear is asked
    about."""
    actor, args = admin(), request.args
    query, person_id = args.get("query", "").strip(), args.get("person", "")
    found = administration.find_people(actor, query, limit=CHOICES).items if query else []
    if len(found) == 1:
        query, person_id = "", str(found[0].user.id)
    person = administration.find_person(actor, person_id).user if person_id else None
    page = audit.list_for(actor, person_id=person_id or None, cursor=args.get("cursor") or None)
    kept = {"person": person_id} if person_id else {}
    return render(
        "log.html",
        actor,
        tab="log",
        query=query,
        choices=[wire.person(one.user) for one in found] if query else None,
        person=wire.person(person) if person else None,
        entries=[shown.noted(item) for item in page.items],
        more=f"/admin/log?{urlencode(kept | {'cursor': page.next_cursor})}" if page.next_cursor else None,
    )
