"""Runs a management command with settings as a production installation has them.

`python -m tests.production check --deploy` is what `make check` uses: the settings of a test run speak
http and would fail, the ones of a developer's shell could hide a fault.
"""

import os
import sys

from django.core.management import execute_from_command_line

from tests.environment import prepare

PRODUCTION = {
    "PUBLIC_URL": "https://vooraf.gemeente.test",
    "ALLOWED_HOSTS": "vooraf.gemeente.test",
    "TRUSTED_PROXY_COUNT": "1",
    "NOTIFICATIONS_CONSOLE": "0",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000000",
    "TWILIO_AUTH_TOKEN": "not-a-real-token",
    "TWILIO_FROM": "+3197010200000",
    "SENDGRID_API_KEY": "not-a-real-key",
    "SENDGRID_FROM_EMAIL": "afspraken@gemeente.test",
    # An elliptic-curve public key made for this purpose; its private half was thrown away.
    "SENDGRID_WEBHOOK_PUBLIC_KEY": (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEED0AkpHZwzEK0rJktin0tp6O"
        "w6ev0KaUwQewAXYRxBb4pS0kt4irT9KHCkmZW6j6z9g0KUlCWdiYHcCguKEThw=="
    ),
}


def main(arguments: list[str]) -> None:
    database = os.environ.get("DATABASE_URL")
    prepare()
    # Only the browser tests need it, and a deployment must not have it.
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    os.environ.update(PRODUCTION)
    os.environ["DATABASE_URL"] = database or "sqlite://:memory:"
    execute_from_command_line(["manage.py", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
