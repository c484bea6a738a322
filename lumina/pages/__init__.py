"""The door for browsers: each file unpacks what forms and links send, calls one operation, answers."""

from __future__ import annotations

from flask import Flask

from lumina.extensions import login_manager
from lumina.pages import (
    assets,
    auth,
    conversations,
    errors,
    home,
    members,
    messages,
    people,
    personal,
    requests,
    session,
    settings,
)
from lumina.presenters import templating

__all__ = ["errors", "init_app"]
BLUEPRINTS = (
    auth.blueprint,
    conversations.blueprint,
    home.blueprint,
    members.blueprint,
    messages.blueprint,
    people.blueprint,
    settings.blueprint,
)


def init_app(app: Flask) -> None:
    """Put the pages, their templates and the static files into the app."""
    templating.install(app.jinja_env)
    app.context_processor(requests.template_context)
    login_manager.user_loader(session.load)
    for blueprint in BLUEPRINTS:
        blueprint.after_request(requests.keep_private)
        app.register_blueprint(blueprint)
    for public in (assets.blueprint, personal.blueprint):
        app.register_blueprint(public)
