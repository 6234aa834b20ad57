"""The start-up checks of the installation: each says what is wrong and what to do."""

import pytest
from django.core.checks import CheckMessage
from pytest_django import Settings

from project import checks


def ids(messages: list[CheckMessage]) -> list[str | None]:
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


@pytest.fixture
def production(settings: Settings) -> Settings:
    settings.HTTPS = True
    settings.PUBLIC_URL = "https://vooraf.gemeente.test"
    settings.ALLOWED_HOSTS = ["vooraf.gemeente.test"]
    settings.NOTIFICATIONS_CONSOLE = False
    return settings


def test_a_sound_installation_is_silent(production: Settings) -> None:
    assert checks.check_public_address(None) == []
    assert checks.check_console_gateway(None) == []


def test_client_links_over_http_are_an_error(production: Settings) -> None:
    production.HTTPS = False
    assert ids(checks.check_public_address(None)) == ["project.E001"]


@pytest.mark.parametrize("host", ["*", ".gemeente.test"])
def test_a_wildcard_host_is_an_error(production: Settings, host: str) -> None:
    production.ALLOWED_HOSTS = [host]
    assert ids(checks.check_public_address(None)) == ["project.E002"]


def test_a_console_instead_of_a_provider_is_a_warning(production: Settings) -> None:
    production.NOTIFICATIONS_CONSOLE = True
    assert ids(checks.check_console_gateway(None)) == ["project.W003"]


def test_uncollected_static_files_are_a_warning(production: Settings, tmp_path: object) -> None:
    production.STATIC_ROOT = tmp_path
    assert checks.check_frontend(None) == []
    production.STORAGES = {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }
    assert ids(checks.check_frontend(None)) == ["project.W004"]
