"""Running the harness from a test: as a process of its own, on the database of the test."""

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

from tests.addresses import database_url

ROOT = Path(__file__).resolve().parents[2]


def crash(*arguments: str, folder: Path) -> tuple[int, str]:
    """One run; its exit code and what it said, the end of its log with it when it failed."""
    connection.close()
    command = [sys.executable, "-m", "tests.crash", "--url", database_url(), "--keep", str(folder)]
    done = subprocess.run(
        [*command, *arguments], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    log = folder / "log"
    if done.returncode and log.exists():
        said += "\n" + "\n".join(log.read_text(errors="replace").splitlines()[-30:])
    return done.returncode, said
