"""The environment, read once into a frozen Config; anything that cannot work stops the start with one line."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import quote, urlsplit

from click import ClickException
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 16
MIB = 1024 * 1024
# ISO 4217: currencies with no decimals, or with three or four.
NOT_IN_HUNDREDTHS = (
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF BHD IQD JOD KWD LYD OMR TND CLF UYW"
)


class ConfigError(ClickException):
    """One sentence for whoever deploys; a command shows it and ends."""


@dataclass(frozen=True)
class Config:
    env: str
    instance: Path
    secret_key: str
    jwt_secret: str
    database_url: URL
    host: str
    port: int
    workers: int
    frontend_origins: tuple[str, ...]
    public_url: str | None
    redis_url: str | None
    smtp_url: str | None
    mail_from: str
    ratelimit_enabled: bool
    trusted_proxies: int
    test_clock: bool
    metrics_token: str | None
    log_format: str
    log_level: str
    sentry_dsn: str | None
    max_group_members: int
    edit_window_seconds: int
    restore_window_seconds: int
    link_previews: bool
    access_token_seconds: int
    session_days: int
    heartbeat_seconds: int
    digest_hours: int
    max_file_size: int
    max_storage_per_user: int
    storage_url: str
    clamd_url: str | None
    clamd_required: bool
    currency: str
    conversation_price_minor: int
    message_price_minor: int
    fee_basis_points: int
    dispute_hours: int
    stripe_secret_key: str | None
    stripe_webhook_secret: str | None
    stripe_api_url: str | None
    argon2_time_cost: int
    argon2_memory_kib: int

    @property
    def development(self) -> bool:
        return self.env == "development"

    @property
    def sqlite(self) -> bool:
        return self.database_url.get_backend_name() == "sqlite"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read every setting (the table is in README.md). Raises ConfigError."""
        env = environ.get("LUMINA_ENV") or "development"
        if env not in ("development", "production"):
            raise ConfigError(f"LUMINA_ENV is {env!r}; it must be development or production")
        production = env == "production"
        instance = Path(environ.get("LUMINA_INSTANCE") or ROOT / "instance").resolve()
        test_clock = _flag(environ, "LUMINA_TEST_CLOCK", False)
        if production and test_clock:
            raise ConfigError("LUMINA_TEST_CLOCK moves deadlines and is refused in production")
        database_url = _database(environ.get("DATABASE_URL") or f"sqlite:///{instance / 'lumina.db'}")
        redis_url, workers = (
            environ.get("REDIS_URL") or None,
            max(_whole(environ, "WEB_CONCURRENCY", 1, most=64), 1),
        )
        if workers > 1 and database_url.get_backend_name() == "sqlite":
            raise ConfigError(f"WEB_CONCURRENCY is {workers}, which needs PostgreSQL: DATABASE_URL is SQLite")
        if workers > 1 and not redis_url:
            raise ConfigError(
                f"WEB_CONCURRENCY is {workers}, which needs REDIS_URL: workers speak to each other through it"
            )
        smtp_url, public_url = environ.get("SMTP_URL") or None, environ.get("PUBLIC_URL") or None
        if production and smtp_url and not public_url:
            raise ConfigError("PUBLIC_URL is missing: mails sent by SMTP_URL need the address of this site")
        stripe_key = environ.get("STRIPE_SECRET_KEY") or None
        if stripe_key and not environ.get("STRIPE_WEBHOOK_SECRET"):
            raise ConfigError("STRIPE_WEBHOOK_SECRET is missing: without it nobody is told of a payment")
        if stripe_key and production and not public_url:
            raise ConfigError("PUBLIC_URL is missing: Stripe's checkout leads back to this site by it")
        return cls(
            env=env,
            instance=instance,
            secret_key=_secret(environ, "SECRET_KEY", production, instance),
            jwt_secret=_secret(environ, "JWT_SECRET", production, instance),
            database_url=database_url,
            host=environ.get("HOST") or ("0.0.0.0" if production else "127.0.0.1"),
            port=_whole(environ, "PORT", 5000, most=65_535),
            workers=workers,
            frontend_origins=_origins(environ.get("FRONTEND_URL", "")),
            public_url=public_url.rstrip("/") if public_url else None,
            redis_url=redis_url,
            smtp_url=smtp_url,
            mail_from=environ.get("MAIL_FROM") or "Lumina <no-reply@localhost>",
            ratelimit_enabled=_flag(environ, "RATELIMIT_ENABLED", True),
            trusted_proxies=_whole(environ, "TRUSTED_PROXIES", 0),
            test_clock=test_clock,
            metrics_token=environ.get("METRICS_TOKEN") or None,
            log_format=_one_of(environ, "LOG_FORMAT", "json" if production else "text", ("json", "text")),
            log_level=_one_of(environ, "LOG_LEVEL", "info", ("debug", "info", "warning", "error")),
            sentry_dsn=_dsn(environ.get("SENTRY_DSN")),
            max_group_members=_whole(environ, "MAX_GROUP_MEMBERS", 5000),
            edit_window_seconds=_whole(environ, "EDIT_WINDOW_SECONDS", 86_400, most=31_536_000),
            restore_window_seconds=_whole(environ, "RESTORE_WINDOW_SECONDS", 86_400, most=31_536_000),
            link_previews=_flag(environ, "LINK_PREVIEWS", True),
            access_token_seconds=_whole(environ, "ACCESS_TOKEN_SECONDS", 3600, most=31_536_000),
            session_days=_whole(environ, "SESSION_DAYS", 30, most=3_650),
            digest_hours=_whole(environ, "DIGEST_HOURS", 8, most=720),
            max_file_size=_whole(environ, "MAX_FILE_SIZE", 10 * MIB, most=512 * MIB),
            max_storage_per_user=_whole(environ, "MAX_STORAGE_PER_USER", 1024 * MIB, most=1024**4),
            storage_url=environ.get("STORAGE_URL") or f"file://{quote(str(instance / 'uploads'))}",
            clamd_url=_clamd(environ.get("CLAMD_URL")),
            clamd_required=_flag(environ, "CLAMD_REQUIRED", True),
            currency=_currency(environ.get("CURRENCY") or "USD"),
            conversation_price_minor=_hundredths(environ, "PRIORITY_CONVERSATION_COST", "50", most=1_000_000),
            message_price_minor=_hundredths(environ, "PRIORITY_MESSAGE_COST", "10", most=1_000_000),
            fee_basis_points=_hundredths(environ, "PLATFORM_FEE_PERCENT", "0", most=100),
            dispute_hours=_whole(environ, "DISPUTE_HOURS", 72, most=8_760),
            stripe_secret_key=stripe_key,
            stripe_webhook_secret=environ.get("STRIPE_WEBHOOK_SECRET") or None,
            stripe_api_url=environ.get("STRIPE_API_URL") or None,
            argon2_time_cost=_cost(environ, "ARGON2_TIME_COST", 3, production, least=1),
            argon2_memory_kib=_cost(environ, "ARGON2_MEMORY_KIB", 65_536, production, least=64),
            heartbeat_seconds=max(_whole(environ, "HEARTBEAT_SECONDS", 20, most=300), 1),
        )


def _one_of(environ: Mapping[str, str], name: str, default: str, words: tuple[str, ...]) -> str:
    text = (environ.get(name) or default).lower()
    if text not in words:
        raise ConfigError(f"{name} is {text!r}; it must be {', '.join(words[:-1])} or {words[-1]}")
    return text


def _dsn(text: str | None) -> str | None:
    parts = urlsplit(text or "")
    fits = parts.scheme in ("http", "https") and parts.username and parts.hostname and parts.path.strip("/")
    if text and not fits:
        raise ConfigError("SENTRY_DSN cannot be read; it looks like https://key@host/project")
    return text or None


def _whole(environ: Mapping[str, str], name: str, default: int, most: int = 1_000_000) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and len(text) <= 13 and int(text) <= most):
        raise ConfigError(f"{name} is {text!r}; it must be a whole number up to {most}")
    return int(text)


def _hundredths(environ: Mapping[str, str], name: str, default: str, most: int) -> int:
    """A number with up to two decimals, in hundredths: money in minor units, percents in basis points."""
    text = environ.get(name) or default
    try:
        hundredths = Decimal(text) * 100
        fits = len(text) <= 12 and 0 <= hundredths <= most * 100 and hundredths == int(hundredths)
    except (InvalidOperation, ValueError, OverflowError):
        fits = False
    if not fits:
        raise ConfigError(f"{name} is {text!r}; it must be a number up to {most} with at most two decimals")
    return int(hundredths)


def _currency(text: str) -> str:
    code = text.upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise ConfigError(f"CURRENCY is {text!r}; it must be a code of three letters such as USD or EUR")
    if code in NOT_IN_HUNDREDTHS:
        raise ConfigError(f"CURRENCY is {code}, which is not counted in hundredths, as amounts are here")
    return code


def _cost(environ: Mapping[str, str], name: str, default: int, production: bool, least: int) -> int:
    """What hashing a password costs: production may ask for more than the default, not for less."""
    cost, least = _whole(environ, name, default, most=4_194_304), default if production else least
    if cost < least:
        raise ConfigError(f"{name} is {cost}; it must be at least {least}")
    return cost


def _flag(environ: Mapping[str, str], name: str, default: bool) -> bool:
    text = environ.get(name) or ("1" if default else "0")
    if text not in ("0", "1"):
        raise ConfigError(f"{name} is {text!r}; it must be 0 or 1")
    return text == "1"


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip())
    for origin in origins:
        if not origin.startswith(("http://", "https://")):
            raise ConfigError(f"FRONTEND_URL has {origin!r}; each origin starts with http:// or https://")
    return origins


def _database(text: str) -> URL:
    try:
        url = make_url(text.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError):
        raise ConfigError(
            "DATABASE_URL cannot be read; it looks like sqlite:///file or postgresql://…"
        ) from None
    if url.get_backend_name() == "postgresql":
        # To SQLAlchemy 2.1 a bare postgresql:// means psycopg 3, which blocks the event loop.
        return url.set(drivername="postgresql+psycopg2")
    if url.get_backend_name() != "sqlite":
        raise ConfigError("DATABASE_URL must name SQLite or PostgreSQL")
    if not url.database or ":memory:" in url.database:
        raise ConfigError(
            "DATABASE_URL must name a file: an SQLite database in memory is lost with its connection"
        )
    return url.set(database=str(Path(url.database).resolve()))


def _clamd(text: str | None) -> str | None:
    parts = urlsplit(text or "")
    fits = (parts.scheme == "tcp" and parts.hostname) or (parts.scheme == "unix" and parts.path)
    if text and not fits:
        raise ConfigError("CLAMD_URL cannot be read; it looks like tcp://host:3310 or unix:///path/to/socket")
    return text or None


def _secret(environ: Mapping[str, str], name: str, production: bool, instance: Path) -> str:
    value = environ.get(name)
    if value and production and len(value) < SHORTEST_SECRET:
        raise ConfigError(f"{name} is shorter than {SHORTEST_SECRET} characters")
    if value:
        return value
    if production:
        raise ConfigError(f"{name} is missing; in production it must be set")
    return _generated(instance / name.lower())


def _generated(path: Path) -> str:
    """A development secret, made at the first start and kept in the instance folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        value = secrets.token_hex(32)
        file.write(value)
    return value
