"""The door of programs: JSON over HTTP, by token."""

from __future__ import annotations

from flask import Flask

from lumina.api import (
    admin,
    attachments,
    auth,
    conversations,
    errors,
    escrows,
    experts,
    health,
    link_previews,
    members,
    messages,
    metrics,
    openapi,
    push,
    reports,
    search,
    users,
    wallet,
    webhooks,
)
from lumina.api.route import blueprint
from lumina.extensions import csrf

__all__ = [
    "admin",
    "attachments",
    "auth",
    "conversations",
    "errors",
    "escrows",
    "experts",
    "init_app",
    "link_previews",
    "members",
    "messages",
    "owns",
    "push",
    "reports",
    "search",
    "users",
    "wallet",
    "webhooks",
]


def init_app(app: Flask) -> None:
    # The API takes no cookie, so no other site can speak in somebody's name.
    csrf.exempt(blueprint)
    csrf.exempt(webhooks.blueprint)
    app.register_blueprint(blueprint)
    app.register_blueprint(webhooks.blueprint)
    app.register_blueprint(openapi.blueprint)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(metrics.blueprint)


def owns(path: str) -> bool:
    """Whether a request to this path is answered in JSON, also where it fails."""
    return path.startswith(("/api/", "/webhooks/")) or path in ("/healthz", "/metrics", "/readyz")
