"""What a process of the service does not load: memory that every installation would pay for all day."""

import os
import subprocess
import sys

import pytest

from project.env import BASE_DIR
from tests.environment import VALUES

# Each takes megabytes, and is of use a few times a year, or to the process that sends alone.
HEAVY = ("openpyxl", "PIL", "weasyprint", "fontTools", "pikepdf", "requests", "charset_normalizer", "twilio.rest")
WORKER = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"
django.setup()
from project import cluster
"""
EVERY_ADDRESS = "from django.urls import get_resolver; len(get_resolver().reverse_dict)"


def loaded(code: str) -> set[str]:
    """The heavy packages that a process of its own has loaded after ``code``."""
    end = f"import sys; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    environment = {**VALUES, "PATH": os.environ["PATH"], "DATABASE_URL": "sqlite://:memory:"}
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{end}"],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        f"from project.wsgi import application; {EVERY_ADDRESS}",
        WORKER,
    ],
    ids=["web", "worker"],
)
def test_what_is_seldom_of_use_is_not_loaded_at_the_start(code: str) -> None:
    assert loaded(code) == set()


def test_what_reads_a_workbook_does_load_it() -> None:
    """So the list above names what there is."""
    assert loaded("import openpyxl") >= {"openpyxl", "PIL"}
