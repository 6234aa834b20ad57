"""Gunicorn: `gunicorn --config deploy/gunicorn.conf.py`; docs/settings.md lists the variables."""

import json
import os
from datetime import UTC, datetime
from typing import Any

from gunicorn.glogging import Logger

from project.logs import redact

wsgi_app = "project.wsgi:application"
bind = os.environ.get("BIND", "127.0.0.1:8000")
# Threads, because requests wait for the database and not for the processor. With more processes each
# keeps its own counts for /metrics.
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_class = "gthread"
# A PDF takes a second, an import of a few thousand rows some more.
timeout = 60
graceful_timeout = 8
keepalive = 5
# A slow leak in a library must not become a night's work.
max_requests = 20_000
max_requests_jitter = 2_000
# The socket for remote control would be made in the home directory, which a service need not have.
control_socket_disable = True
# Heartbeats go through a file; on a disk that is busy they come too late.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112
# Which proxies may say that the client spoke https; the settings decide whether it is believed.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
limit_request_line = 4094
accesslog = None if os.environ.get("DEMO") == "1" else "-"
loglevel = os.environ.get("LOG_LEVEL", "info").lower() if os.environ.get("DEMO") != "1" else "warning"


class RedactingLogger(Logger):  # type: ignore[misc]
    """Access log without link tokens: whoever reads the log must not be able to answer for a client.

    No address of the client either: it is not needed to run the service.
    """

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        if not self.cfg.accesslog:
            return
        line = {
            "logger": "access",
            "timestamp": datetime.now(UTC).isoformat(),
            "method": environ["REQUEST_METHOD"],
            "path": redact(environ["RAW_URI"]),
            "status": int(str(resp.status).split()[0]),
            "bytes": getattr(resp, "sent", None),
            "milliseconds": round(request_time.total_seconds() * 1000),
        }
        self.access_log.info(json.dumps(line))


logger_class = RedactingLogger
