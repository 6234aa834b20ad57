"""A server without manners: a function gets every connection, and does with it what it likes."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 20.0


@contextmanager
def raw_server(act: Callable[[socket.socket], None], *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A port at which ``act`` gets every connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                line, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=_quietly, args=(act, line, tls), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        # A thread in accept() does not notice that its socket is closed.
        with socket.create_connection(listener.getsockname()):
            listener.close()


def _quietly(act: Callable[[socket.socket], None], line: socket.socket, tls: ssl.SSLContext | None) -> None:
    with line:
        line.settimeout(PATIENCE)
        try:
            with tls.wrap_socket(line, server_side=True) if tls else line as spoken:
                act(spoken)
        except OSError:
            return
