"""The door for browsers: each file unpacks what forms and links send, calls one operation, answers."""

from __future__ import annotations

from flask import Flask

from lumina.extensions import login_manager
from lumina.pages import (
    actions,
    admin,
    app,
    ask,
    assets,
    auth,
    conversation_settings,
    conversations,
    errors,
    escrows,
    experts,
    files,
    home,
    link_previews,
    members,
    mentions,
    messages,
    parting,
    people,
    personal,
    photos,
    pins,
    priority,
    push,
    reactions,
    receipts,
    reports,
    requests,
    search,
    session,
    settings,
    shared_files,
    topups,
    uploads,
    wallet,
)
from lumina.presenters import fragments, templating

__all__ = ["errors", "init_app"]
BLUEPRINTS = (
    actions.blueprint,
    admin.blueprint,
    ask.blueprint,
    auth.blueprint,
    conversation_settings.blueprint,
    conversations.blueprint,
    escrows.blueprint,
    experts.blueprint,
    home.blueprint,
    link_previews.blueprint,
    members.blueprint,
    mentions.blueprint,
    messages.blueprint,
    parting.blueprint,
    people.blueprint,
    photos.blueprint,
    pins.blueprint,
    priority.blueprint,
    push.blueprint,
    reactions.blueprint,
    receipts.blueprint,
    reports.blueprint,
    search.blueprint,
    settings.blueprint,
    shared_files.blueprint,
    topups.blueprint,
    uploads.blueprint,
    wallet.blueprint,
)
for private in BLUEPRINTS:
    private.after_request(requests.keep_private)


def init_app(flask_app: Flask) -> None:
    """Put the pages, their templates and the static files into the app."""
    templating.install(flask_app.jinja_env)
    flask_app.jinja_env.globals["fixed"] = fragments.fixed
    flask_app.jinja_env.globals["personal_version"] = personal.VERSION
    flask_app.context_processor(requests.template_context)
    login_manager.user_loader(session.load)
    for blueprint in BLUEPRINTS:
        flask_app.register_blueprint(blueprint)
    for public in (
        app.blueprint,
        files.blueprint,
        admin.files.blueprint,
        assets.blueprint,
        personal.blueprint,
    ):
        flask_app.register_blueprint(public)
