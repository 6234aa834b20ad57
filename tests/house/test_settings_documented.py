"""docs/settings.md is the list of settings, and the code reads no other."""

import re
from pathlib import Path

from django.conf import settings  # importing the settings is what fills the list of names

from project.env import BASE_DIR, env

DOCUMENT = (BASE_DIR / "docs" / "settings.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]+)` \|(.*)$", re.MULTILINE)
# Read by gunicorn's own file, which runs before the settings.
GUNICORN = ("BIND", "WEB_CONCURRENCY", "WEB_THREADS", "FORWARDED_ALLOW_IPS")


def documented() -> dict[str, str]:
    return dict(ROW.findall(DOCUMENT))


def test_every_setting_is_documented() -> None:
    assert settings.configured
    assert sorted(env.names - documented().keys()) == []


def test_every_documented_setting_is_read() -> None:
    assert sorted(documented().keys() - env.names) == []


def test_every_secret_is_marked_as_one() -> None:
    marked = {name for name, rest in documented().items() if "**geheim**" in rest}
    assert marked == env.secret_names


def test_gunicorn_settings_are_documented() -> None:
    read = re.findall(r'environ\.get\("(\w+)"', Path("deploy/gunicorn.conf.py").read_text("utf-8"))
    assert set(read) - env.names == set(GUNICORN)
    assert [name for name in GUNICORN if f"`{name}`" not in DOCUMENT] == []


def test_example_names_only_documented_settings() -> None:
    example = (BASE_DIR / "deploy" / "env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE))
    plain = {name.removesuffix("_FILE") if name.endswith("_FILE") else name for name in named}
    assert sorted(plain - documented().keys() - set(GUNICORN)) == []


def test_nothing_else_reads_the_environment() -> None:
    """One place reads the environment, or the two tests above see only half of it."""
    readers = [
        str(path.relative_to(BASE_DIR))
        for folder in ("afspraken", "notifications", "project")
        for path in (BASE_DIR / folder).rglob("*.py")
        if re.search(r"os\.environ|os\.getenv", path.read_text(encoding="utf-8"))
    ]
    # wsgi names the settings module; the other two are the demo's launcher and the set-up.
    assert sorted(readers) == [
        "project/bootstrap.py",
        "project/env.py",
        "project/launch.py",
        "project/wsgi.py",
    ]
