"""The clock of the simulation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest import mock


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let jobs, which ask for the time themselves, see ``moment``: in this process only, so never in a server."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield
