"""The service refuses to start on a setting that the operator cannot have meant, and says which."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from project.env import BASE_DIR
from tests.environment import VALUES
from tests.production import PRODUCTION


def start(changes: dict[str, str | None], code: str = "") -> subprocess.CompletedProcess[str]:
    """Import the settings in a process of its own, with a production environment and the changes."""
    environment = {**VALUES, **PRODUCTION, "PATH": os.environ["PATH"], **changes}
    kept = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", f"import project.settings as s; {code}"],
        cwd=BASE_DIR,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_complete_production_environment_starts() -> None:
    done = start({}, "print(s.DEBUG, s.SESSION_COOKIE_NAME, s.SECURE_SSL_REDIRECT, s.NOTIFICATIONS_CONSOLE)")
    assert (done.returncode, done.stdout.split()) == (0, ["False", "__Host-sessionid", "True", "False"])


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "x" * 60}, "SECRET_KEY is too weak"),
        ({"LINK_KEY": "kort"}, "LINK_KEY is too weak"),
        ({"INDEX_KEY": ""}, "INDEX_KEY is missing"),
        ({"LINK_KEY": VALUES["SECRET_KEY"]}, "must be three different keys"),
        ({"FIELD_KEYS": None}, "FIELD_KEYS is missing"),
        ({"FIELD_KEYS": "geen-fernet-sleutel"}, "not a Fernet key"),
        ({"PUBLIC_URL": None}, "PUBLIC_URL must be"),
        ({"PUBLIC_URL": "https://vooraf.example/pad"}, "PUBLIC_URL must be"),
        ({"DEMO": "1"}, "DEMO=1"),
        ({"DEBUG": "misschien"}, "DEBUG must be 1 or 0"),
        ({"TRUSTED_PROXY_COUNT": "twee"}, "TRUSTED_PROXY_COUNT must be a whole number"),
        ({"LINK_KEY_FILE": "/bestaat/niet", "LINK_KEY": None}, "LINK_KEY_FILE points at"),
        ({"LINK_KEY_FILE": "/etc/hostname"}, "Both LINK_KEY and LINK_KEY_FILE"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(changes: dict[str, str | None], named: str) -> None:
    done = start(changes)
    assert done.returncode != 0
    assert named in done.stderr.splitlines()[-1]


def test_no_value_of_a_key_is_shown() -> None:
    done = start({"LINK_KEY": "geheimgeheim"})
    assert "geheimgeheim" not in done.stderr


def test_the_database_password_is_not_shown() -> None:
    done = start({"DATABASE_URL": "nonsense://gebruiker:hunter2@host:poort/naam"})
    assert "DATABASE_URL is not a database address" in done.stderr.splitlines()[-1]


def test_every_secret_can_be_a_file(tmp_path: Path) -> None:
    names = ("SECRET_KEY", "LINK_KEY", "INDEX_KEY", "FIELD_KEYS")
    changes: dict[str, str | None] = {}
    for name in names:
        (tmp_path / name).write_text(f"{VALUES[name]}\n")
        changes |= {name: None, f"{name}_FILE": str(tmp_path / name)}
    done = start(changes, "print(s.LINK_KEY, s.FIELD_KEYS[0])")
    assert done.stdout.split() == [VALUES["LINK_KEY"], VALUES["FIELD_KEYS"]]


def test_sqlite_takes_its_lock_at_the_start_of_a_transaction() -> None:
    done = start({"DATABASE_URL": "sqlite:///var/x.sqlite3"}, "print(s.DATABASES['default']['OPTIONS'])")
    assert "'transaction_mode': 'IMMEDIATE', 'timeout': 20" in done.stdout
    assert "journal_mode=WAL" in done.stdout


def test_redis_takes_over_queue_and_cache() -> None:
    done = start(
        {"REDIS_URL": "redis://127.0.0.1:6379/0"},
        "print('orm' in s.Q_CLUSTER, s.Q_CLUSTER['redis'], s.CACHES['default']['BACKEND'])",
    )
    assert done.stdout.split() == [
        "False",
        "redis://127.0.0.1:6379/0",
        "django.core.cache.backends.redis.RedisCache",
    ]


def test_a_task_never_runs_twice_because_it_is_slow() -> None:
    from django.conf import settings

    assert settings.Q_CLUSTER["retry"] > settings.Q_CLUSTER["timeout"]
    assert settings.Q_CLUSTER["catch_up"] is False
    assert settings.CACHES[settings.Q_CLUSTER["cache"]]["BACKEND"].endswith("LocMemCache")
