"""Writes down every statement that Django hands to the database, in any process that loads it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CountingConfig(AppConfig):
    name = "tests.worker"
    label = "counting"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        connection_created.connect(_watch, dispatch_uid="counting")


def _watch(connection: Any, **_more: Any) -> None:
    # The same object comes by at each reconnection.
    if _write_down not in connection.execute_wrappers:
        connection.execute_wrappers.append(_write_down)


def _write_down(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    # Appended in one write: lines of several processes do not mix.
    handle = os.open(os.environ["COUNT_FILE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, (" ".join(sql.split()) + "\n").encode())
    os.close(handle)
    return execute(sql, params, many, context)
