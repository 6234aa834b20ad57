"""The environment of a test run: fixed keys and no provider, set before Django reads its settings.

A module of its own because three things need it: pytest (tests/conftest.py), mypy's Django plugin
(tests/mypy_settings.py) and the second run on PostgreSQL (tests/postgres.py).
"""

import os

# Test keys, good for nothing else; long and mixed enough to pass the start-up checks.
VALUES = {
    "DJANGO_SETTINGS_MODULE": "project.settings",
    "DEBUG": "0",
    "DEMO": "0",
    # http, because the test client and the live server speak http; a house test starts the settings
    # as production has them.
    "PUBLIC_URL": "http://testserver",
    # testserver is Django's test client, the others are where the browser tests look.
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "SECRET_KEY": "test-secret-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
    "LINK_KEY": "test-link-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
    "INDEX_KEY": "test-index-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
    "FIELD_KEYS": "dGVzdC1maWVsZC1rZXktMDEyMzQ1Njc4OS1hYmNkZWY=",
    "NOTIFICATIONS_CONSOLE": "1",
    "GEMEENTE_NAAM": "Gemeente Voorbeeld",
    "GEMEENTE_TELEFOON": "14 012",
    "SMS_NUMBER_SHOWN": "+3197010200000",
    "LOG_LEVEL": "ERROR",
    # Playwright's synchronous API runs an event loop in the test's own thread; Django would refuse
    # every query there.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}

# A developer's own shell must not lend a test run its provider account or its database server.
UNWANTED_PREFIXES = ("TWILIO_", "SENDGRID_", "REDIS_URL", "SECRET_KEY_", "LINK_KEY_")


def prepare() -> None:
    """Set the variables; DATABASE_URL stays as it was given."""
    for name in [name for name in os.environ if name.startswith(UNWANTED_PREFIXES)]:
        del os.environ[name]
    os.environ.update(VALUES)
