"""Reading the environment, and nothing else does.

Every value is a plain variable, or, for secrets mounted as files (Docker, Kubernetes, systemd
credentials), the same name with ``_FILE`` behind it. A value that is set both ways, a file that
cannot be read, and a number that is not one, stop the start: a service that runs with a setting the
operator did not mean is worse than one that does not run.

The names that were read are kept, so that a test can hold docs/settings.md to the code.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
DEMO_ENV_FILE = BASE_DIR / "var" / "demo.env"

TRUE_WORDS = frozenset({"1", "true", "yes", "on", "ja"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", "nee", ""})

# Below this many characters, or with fewer different ones, a key was typed by a person.
KEY_MIN_LENGTH = 50
KEY_MIN_DIFFERENT = 10


class Env:
    """The environment as typed values; ``names`` and ``secret_names`` list what was asked for."""

    def __init__(self, source: Mapping[str, str]) -> None:
        self._source = source
        self.names: set[str] = set()
        self.secret_names: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        """The value, stripped; an empty value counts as absent."""
        self.names.add(name)
        return self._source.get(name, "").strip() or default

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.text(name).lower()
        if value in TRUE_WORDS:
            return True
        if name not in self._source:
            return default
        if value in FALSE_WORDS:
            return False
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")

    def number(self, name: str, default: int) -> int:
        value = self.text(name)
        if not value:
            return default
        try:
            return int(value)
        except ValueError:
            raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None

    def words(self, name: str, default: tuple[str, ...] = ()) -> list[str]:
        """A list, separated by commas."""
        value = self.text(name)
        return [word.strip() for word in value.split(",") if word.strip()] or list(default)

    def secret(self, name: str) -> str:
        """The value of NAME, or the contents of the file that NAME_FILE points at; "" if absent."""
        self.secret_names.add(name)
        value = self.text(name)
        path = self._source.get(f"{name}_FILE", "").strip()
        if not path:
            return value
        if value:
            raise ImproperlyConfigured(f"Both {name} and {name}_FILE are set; remove one of them.")
        try:
            content = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(
                f"{name}_FILE points at {path}, which cannot be read ({type(error).__name__})."
            ) from error
        if not content:
            raise ImproperlyConfigured(f"{name}_FILE points at {path}, which is empty.")
        return content

    def key(self, name: str) -> str:
        """A secret that must be there and must be long enough to be random."""
        value = self.secret(name)
        if len(value) < KEY_MIN_LENGTH or len(set(value)) < KEY_MIN_DIFFERENT:
            state = "is missing" if not value else "is too weak"
            raise ImproperlyConfigured(
                f"{name} {state}: set {name} or {name}_FILE to at least {KEY_MIN_LENGTH} random "
                'characters, for instance from: python3 -c "import secrets; '
                'print(secrets.token_urlsafe(48))". For a trial on your own machine: make run.'
            )
        return value

    def database(self, name: str, default: str) -> dict[str, Any]:
        """A database address as Django's dictionary; it holds a password, so it may be a file."""
        self.secret_names.add(name)
        address = self.secret(name) or default
        try:
            return dict(environ.Env.db_url_config(address))
        except Exception as error:
            # The address is left out of the message: it holds the password.
            raise ImproperlyConfigured(
                f"{name} is not a database address such as postgres://user:password@host/name."
            ) from error


def load_demo_env() -> None:
    """Fill in the demo's own settings, for commands typed beside a running ``make run``.

    Only manage.py calls this, and only when the operator gave no SECRET_KEY at all: the web server of
    a real installation never reads the file.
    """
    if "SECRET_KEY" in os.environ or "SECRET_KEY_FILE" in os.environ:
        return
    if DEMO_ENV_FILE.is_file():
        for name, value in read_env_file(DEMO_ENV_FILE).items():
            os.environ.setdefault(name, value)


def read_env_file(path: Path) -> dict[str, str]:
    """Read NAME=value lines; comments and blank lines are skipped."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


env = Env(os.environ)
