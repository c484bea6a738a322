"""Lumina: real-time messaging for expert consultation."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import orjson
from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from lumina import api, bodies, cli, clock, headers, logs, pages, reporting, sockets, watching
from lumina.config import Config
from lumina.extensions import csrf, init_database, limiter, login_manager, socketio
from lumina.outlets import counts, email, realtime, relay, webpush
from lumina.presenters import assets
from lumina.services import (
    clocks,
    deadlines,
    deletions,
    digests,
    edits,
    events,
    experts,
    expiry,
    files,
    hashing,
    housekeeping,
    link_previews,
    members,
    notices,
    presence,
    purchases,
    sessions,
    settings,
    settling,
    sweep,
    tokens,
    topup_returns,
    topups,
    uploads,
    vapid,
    wallets,
)

__all__ = ["create_app"]
LARGEST_BODY = 1024 * 1024


class SocketJson:
    """JSON as Socket.IO wants it: text out of the quickest encoder."""

    @staticmethod
    def loads(text: str) -> Any:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            # Half an emoji is JSON to browsers; what becomes of it is for the schemas to say.
            return json.loads(text)

    @staticmethod
    def dumps(value: object, **_: object) -> str:
        return orjson.dumps(value).decode()


def create_app(config: Config | None = None, **socket_server: Any) -> Flask:
    """The whole wiring; wsgi.py says besides how the Socket.IO server runs. Raises ConfigError."""
    config = config or Config.from_env()
    config.instance.mkdir(parents=True, exist_ok=True)
    logs.set_up(config)
    reporting.set_up(config)
    app = Flask(
        __name__,
        instance_path=str(config.instance),
        template_folder="../templates",
        static_folder=None,
    )
    app.request_class = bodies.Request
    app.config.from_mapping(_flask_settings(config))

    # Ground: the extensions, and time.
    init_database(app)
    limiter.init_app(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    if config.test_clock:
        clock.follow(clocks.offset)

    # Services: what they take from the configuration.
    hashing.configure(config)
    tokens.configure(config)
    sessions.configure(config)
    members.configure(config)
    edits.configure(config)
    deletions.configure(config)
    link_previews.configure(config)
    presence.configure(config)
    notices.configure(config)
    digests.configure(config)
    vapid.configure(config)
    files.configure(config)
    uploads.configure(config)
    wallets.configure(config)
    experts.configure(config)
    purchases.configure(config)
    settling.configure(config)
    topups.configure(config)

    # Presenters.
    assets.configure(config)

    # Services: what has its time.
    sweep.enlist(
        *expiry.JOBS,
        *housekeeping.JOBS,
        *link_previews.JOBS,
        *settings.JOBS,
        *notices.JOBS,
        *digests.JOBS,
        *webpush.JOBS,
        *uploads.JOBS,
        *deadlines.JOBS,
        *topups.JOBS,
        *topup_returns.JOBS,
    )

    # Outlets: who is told what has happened.
    events.subscribe(relay.outlet_for(realtime.outlet), email.outlet_for(config), counts.outlet)

    # Doors.
    pages.init_app(app)
    api.init_app(app)
    cli.init_app(app)
    app.register_error_handler(Exception, _refuse)
    headers.init_app(app)
    watching.init_app(app)
    socketio.init_app(
        app,
        **({"async_mode": "threading"} | socket_server),
        json=SocketJson,
        cors_allowed_origins=_allows(config),
        manage_session=False,
        max_http_buffer_size=LARGEST_BODY,
        ping_interval=config.heartbeat_seconds,
        ping_timeout=config.heartbeat_seconds / 2,
    )
    sockets.init_app()
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _flask_settings(config: Config) -> dict[str, Any]:
    engine: dict[str, Any] = {"hide_parameters": True}
    if not config.sqlite:
        engine |= {"pool_size": 10, "max_overflow": 10, "pool_timeout": 10, "pool_pre_ping": True}
        engine["connect_args"] = {"connect_timeout": 5, "keepalives_idle": 30, "tcp_user_timeout": 20_000}
    return {
        "LUMINA": config,
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine,
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "SESSION_COOKIE_NAME": "lumina",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": not config.development,
        # The cookie lasts as long as its row, and is signed anew when that is prolonged: see pages/session.py.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=config.session_days),
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _refuse(error: Exception) -> ResponseReturnValue:
    return api.errors.answer(error) if api.owns(request.path) else pages.errors.answer(error)


def _allows(config: Config) -> Any:
    def allows(origin: str | None, environ: dict[str, Any]) -> bool:
        """Programs send no origin; pages come from here or from FRONTEND_URL."""
        own = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}"
        return origin is None or origin == own or origin in config.frontend_origins

    return allows
