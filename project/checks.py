"""Start-up checks of the installation: what a settings file can get wrong and Django cannot see.

Each app checks its own affairs; here stand the things that belong to the machine.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def check_public_address(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """Client links must be https, and a wildcard host lets a stranger choose where they point."""
    found: list[CheckMessage] = []
    if not settings.HTTPS:
        found.append(
            Error(
                f"PUBLIC_URL is {settings.PUBLIC_URL}: client links would go over plain http.",
                hint="Set PUBLIC_URL to the https address that clients see.",
                id="project.E001",
            )
        )
    if any(host.startswith((".", "*")) for host in settings.ALLOWED_HOSTS):
        found.append(
            Error(
                "ALLOWED_HOSTS holds a wildcard.",
                hint="Name each host in full, separated by commas.",
                id="project.E002",
            )
        )
    return found


@register(Tags.security, deploy=True)
def check_console_gateway(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """The console gateway keeps messages on a page instead of sending them."""
    if not settings.NOTIFICATIONS_CONSOLE:
        return []
    return [
        checks.Warning(
            "NOTIFICATIONS_CONSOLE is on: a channel without settings writes its messages to a page "
            "instead of sending them.",
            hint="Set NOTIFICATIONS_CONSOLE=0 on an installation that real clients use.",
            id="project.W003",
        )
    ]


@register(Tags.staticfiles)
def check_frontend(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """Without the collected stylesheet every page is bare and every hashed address fails."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    storage = settings.STORAGES["staticfiles"]["BACKEND"]
    if "Manifest" not in storage or manifest.is_file():
        return []
    return [
        checks.Warning(
            "The static files have not been collected.",
            hint="make install, or: python -m project.frontend && python manage.py collectstatic",
            id="project.W004",
        )
    ]
