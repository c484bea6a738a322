"""The environment: every setting, and one clear line for everything that cannot work."""

import stat

import pytest

from lumina.config import ROOT, Config, ConfigError

SECRETS = {"SECRET_KEY": "a secret for sessions", "JWT_SECRET": "a secret for tokens"}


@pytest.fixture
def read(tmp_path):
    """Reads these settings, with an instance folder of the test's own."""
    return lambda **environ: Config.from_env({"LUMINA_INSTANCE": str(tmp_path), **environ})


@pytest.fixture
def in_production(read):
    return lambda **environ: read(**{"LUMINA_ENV": "production", **SECRETS, **environ})


def test_with_nothing_set_development_runs(read, tmp_path):
    config = read()
    assert (config.env, config.development, config.sqlite) == ("development", True, True)
    assert config.database_url.database == str(tmp_path / "lumina.db")
    assert (config.host, config.port) == ("127.0.0.1", 5000)
    assert (config.frontend_origins, config.public_url, config.redis_url, config.smtp_url) == (
        (),
        None,
        None,
        None,
    )
    assert config.mail_from == "Lumina <no-reply@localhost>"
    assert (config.ratelimit_enabled, config.trusted_proxies, config.test_clock) == (True, 0, False)
    assert (config.max_group_members, config.access_token_seconds, config.session_days) == (5000, 3600, 30)
    assert (config.argon2_time_cost, config.argon2_memory_kib) == (3, 65_536)
    assert Config.from_env({**SECRETS, "DATABASE_URL": "sqlite:///x"}).instance == ROOT / "instance"


@pytest.mark.parametrize(
    ("name", "text", "setting", "value"),
    [
        ("LUMINA_ENV", "development", "env", "development"),
        ("LUMINA_ENV", "", "env", "development"),
        ("SECRET_KEY", "short is fine here", "secret_key", "short is fine here"),
        ("JWT_SECRET", "x", "jwt_secret", "x"),
        ("HOST", "::", "host", "::"),
        ("PORT", "8080", "port", 8080),
        ("PORT", "", "port", 5000),
        ("WEB_CONCURRENCY", "1", "workers", 1),
        ("FRONTEND_URL", "https://a.example", "frontend_origins", ("https://a.example",)),
        (
            "FRONTEND_URL",
            " https://a.example/ , http://b.example:3000,",
            "frontend_origins",
            ("https://a.example", "http://b.example:3000"),
        ),
        ("PUBLIC_URL", "https://lumina.example/", "public_url", "https://lumina.example"),
        ("REDIS_URL", "redis://localhost", "redis_url", "redis://localhost"),
        ("MAX_FILE_SIZE", "2097152", "max_file_size", 2_097_152),
        ("MAX_STORAGE_PER_USER", "5000000000", "max_storage_per_user", 5_000_000_000),
        ("STORAGE_URL", "s3://files", "storage_url", "s3://files"),
        ("CLAMD_URL", "tcp://localhost:3310", "clamd_url", "tcp://localhost:3310"),
        ("CLAMD_URL", "unix:///run/clamd", "clamd_url", "unix:///run/clamd"),
        ("CLAMD_REQUIRED", "0", "clamd_required", False),
        ("SMTP_URL", "smtp://localhost", "smtp_url", "smtp://localhost"),
        ("METRICS_TOKEN", "a token", "metrics_token", "a token"),
        ("LOG_FORMAT", "json", "log_format", "json"),
        ("LOG_FORMAT", "", "log_format", "text"),
        ("LOG_LEVEL", "DEBUG", "log_level", "debug"),
        ("SENTRY_DSN", "https://key@host.example/1", "sentry_dsn", "https://key@host.example/1"),
        ("MAIL_FROM", "us@lumina.example", "mail_from", "us@lumina.example"),
        ("RATELIMIT_ENABLED", "0", "ratelimit_enabled", False),
        ("RATELIMIT_ENABLED", "1", "ratelimit_enabled", True),
        ("TRUSTED_PROXIES", "2", "trusted_proxies", 2),
        ("LUMINA_TEST_CLOCK", "1", "test_clock", True),
        ("MAX_GROUP_MEMBERS", "12", "max_group_members", 12),
        ("LINK_PREVIEWS", "0", "link_previews", False),
        ("LINK_PREVIEWS", "", "link_previews", True),
        ("ACCESS_TOKEN_SECONDS", "60", "access_token_seconds", 60),
        ("SESSION_DAYS", "7", "session_days", 7),
        ("ARGON2_TIME_COST", "4", "argon2_time_cost", 4),
        ("ARGON2_MEMORY_KIB", "131072", "argon2_memory_kib", 131_072),
    ],
)
def test_every_setting(read, name, text, setting, value):
    assert getattr(read(**{name: text}), setting) == value


@pytest.mark.parametrize(
    ("text", "driver", "rest"),
    [
        ("postgres://u:p@h:5433/d", "postgresql+psycopg2", "://u:p@h:5433/d"),
        ("postgresql://h/d?sslmode=require", "postgresql+psycopg2", "://h/d?sslmode=require"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg2", "://h/d"),
        ("sqlite:////tmp/x.db", "sqlite", ":////tmp/x.db"),
    ],
)
def test_a_database_is_reached_by_the_driver_that_does_not_block(read, text, driver, rest):
    url = read(DATABASE_URL=text).database_url
    assert url.render_as_string(hide_password=False) == f"{driver}{rest}"


def test_a_relative_database_is_where_one_stands(read, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert read(DATABASE_URL="sqlite:///here.db").database_url.database == str(tmp_path / "here.db")


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"LUMINA_ENV": "staging"}, "LUMINA_ENV"),
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "-1"}, "PORT"),
        ({"PORT": "5000.5"}, "PORT"),
        ({"WEB_CONCURRENCY": "2"}, "WEB_CONCURRENCY is 2, which needs PostgreSQL: DATABASE_URL is SQLite"),
        (
            {"WEB_CONCURRENCY": "2", "DATABASE_URL": "postgres:///x"},
            "WEB_CONCURRENCY is 2, which needs REDIS_URL",
        ),
        ({"WEB_CONCURRENCY": "several"}, "WEB_CONCURRENCY is 'several'; it must be a whole number up to 64"),
        ({"TRUSTED_PROXIES": "yes"}, "TRUSTED_PROXIES"),
        ({"MAX_GROUP_MEMBERS": "many"}, "MAX_GROUP_MEMBERS"),
        ({"ACCESS_TOKEN_SECONDS": "1h"}, "ACCESS_TOKEN_SECONDS"),
        ({"SESSION_DAYS": "-3"}, "SESSION_DAYS"),
        ({"RATELIMIT_ENABLED": "false"}, "RATELIMIT_ENABLED"),
        ({"LINK_PREVIEWS": "no"}, "LINK_PREVIEWS"),
        ({"LUMINA_TEST_CLOCK": "on"}, "LUMINA_TEST_CLOCK"),
        ({"FRONTEND_URL": "https://a.example,b.example"}, "b.example"),
        ({"FRONTEND_URL": "*"}, "FRONTEND_URL"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://h:port/d"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://h/d"}, "DATABASE_URL"),
        ({"CLAMD_URL": "localhost:3310"}, "CLAMD_URL"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT is 'xml'; it must be json or text"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
        ({"SENTRY_DSN": "https://host.example/1"}, "SENTRY_DSN"),
        ({"SENTRY_DSN": "https://key@host.example/"}, "SENTRY_DSN"),
        ({"CLAMD_URL": "tcp://"}, "CLAMD_URL"),
        ({"MAX_FILE_SIZE": "10MB"}, "MAX_FILE_SIZE"),
        ({"ARGON2_TIME_COST": "0"}, "ARGON2_TIME_COST"),
        ({"ARGON2_MEMORY_KIB": "63"}, "ARGON2_MEMORY_KIB"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL"),
    ],
)
def test_what_cannot_work_is_refused_in_one_line(read, environ, words):
    with pytest.raises(ConfigError) as refused:
        read(**environ)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_refusal_never_shows_a_password(read):
    with pytest.raises(ConfigError) as refused:
        read(DATABASE_URL="mysql://u:hunter2@h/d")
    assert "hunter2" not in str(refused.value)


def test_development_makes_its_secrets_once(read, tmp_path):
    first, second = read(), read()
    assert (first.secret_key, first.jwt_secret) == (second.secret_key, second.jwt_secret)
    assert first.secret_key != first.jwt_secret
    assert min(len(first.secret_key), len(first.jwt_secret)) == 64
    for name in ("secret_key", "jwt_secret"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_secret_that_is_set_is_not_kept(read, tmp_path):
    read(**SECRETS)
    assert list(tmp_path.iterdir()) == []


def test_in_production_it_runs_too(in_production, tmp_path):
    config = in_production(SMTP_URL="smtp://h", PUBLIC_URL="https://lumina.example")
    assert (config.development, config.host, config.log_format) == (False, "0.0.0.0", "json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"JWT_SECRET": ""}, "JWT_SECRET is missing"),
        ({"SECRET_KEY": "fifteen letters"}, "SECRET_KEY is shorter"),
        ({"JWT_SECRET": "x" * 15}, "JWT_SECRET is shorter"),
        ({"LUMINA_TEST_CLOCK": "1"}, "LUMINA_TEST_CLOCK"),
        ({"ARGON2_TIME_COST": "2"}, "ARGON2_TIME_COST is 2; it must be at least 3"),
        ({"ARGON2_MEMORY_KIB": "65535"}, "ARGON2_MEMORY_KIB is 65535; it must be at least 65536"),
        ({"SMTP_URL": "smtp://h"}, "PUBLIC_URL is missing"),
    ],
)
def test_what_production_refuses(in_production, environ, words):
    with pytest.raises(ConfigError, match=words) as refused:
        in_production(**environ)
    assert "\n" not in str(refused.value)


def test_settings_do_not_change(read):
    with pytest.raises(AttributeError):
        read().port = 80
