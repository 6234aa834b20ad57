"""A worker in a process of its own, for a test that kills it."""

import json
import os


def main() -> None:
    """One drain on the test's database, with the test's provider."""
    from tests.environment import prepare

    prepare()
    from django.conf import settings

    told = json.loads(os.environ["VICTIM"])
    settings.DATABASES["default"].update(told["database"])
    for name, value in told["settings"].items():
        setattr(settings, name, value)
    import django

    django.setup()
    from notifications import jobs
    from notifications.outbox import context
    from notifications.wording import kinds
    from tests.outbox.helpers import KIND, World

    kinds.register_kinds([KIND])
    context.register_context_provider(World())
    jobs.drain()


if __name__ == "__main__":
    main()
