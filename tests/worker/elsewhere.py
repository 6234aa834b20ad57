"""Plan a text in the database that DATABASE_URL names, and wait until it is sent: ``python -m tests.worker.elsewhere``.

A process of its own, because a test's own database is not one that may be stopped.
"""

import django


def main() -> None:
    django.setup()
    from tests.worker.node import wait_for
    from tests.worker.texts import is_sent, plan

    uuid = plan()
    wait_for(lambda: is_sent(uuid), "the text to be sent")


if __name__ == "__main__":
    main()
