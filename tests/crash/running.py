"""Running the harness from a test: as a process of its own, on the database of the test."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def url_of_the_test_database() -> str:
    """The address of the database that this test works on."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    password = f":{quote(found['PASSWORD'])}" if found["PASSWORD"] else ""
    host, port = str(found["HOST"]), str(found["PORT"] or "")
    if host.startswith("/"):
        return f"postgres://{found['USER']}{password}@/{found['NAME']}?host={quote(host, safe='')}"
    return f"postgres://{found['USER']}{password}@{host}{':' + port if port else ''}/{found['NAME']}"


def crash(*arguments: str, folder: Path) -> tuple[int, str]:
    """One run; its exit code and what it said, the end of its log with it when it failed."""
    connection.close()
    command = [sys.executable, "-m", "tests.crash", "--url", url_of_the_test_database(), "--keep", str(folder)]
    done = subprocess.run(
        [*command, *arguments], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    log = folder / "log"
    if done.returncode and log.exists():
        said += "\n" + "\n".join(log.read_text(errors="replace").splitlines()[-30:])
    return done.returncode, said
