"""`python -m tests.double --port 8090`: a Twilio and a SendGrid on this machine, for tests and trials."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from tests.double.server import make_server
from tests.double.state import Keys, State


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.double", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--account-sid", default="AC" + "0" * 32)
    parser.add_argument("--auth-token", default="double-token")
    parser.add_argument("--sendgrid-key", default="double-key")
    parser.add_argument("--specs", type=Path, help="folder with the providers' API descriptions")
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument("--deliver", action="store_true", help="report every message as delivered")
    parser.add_argument("--events-url", default="", help="where SendGrid events go with --deliver")
    options = parser.parse_args(arguments)
    state = State(
        keys=Keys(
            account_sid=options.account_sid,
            auth_token=options.auth_token,
            sendgrid_key=options.sendgrid_key,
        ),
        specs=options.specs or _specs_beside(),
        latency=options.latency_ms / 1000,
        deliver=options.deliver,
        events_url=options.events_url,
    )
    server = make_server(options.host, options.port, state)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown, daemon=True).start())
    ready = {
        "url": f"http://{options.host}:{server.server_address[1]}",
        "sendgrid_public_key": state.keys.public_key,
        "specs": state.specs is not None,
    }
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    try:
        server.serve_forever(poll_interval=0.05)
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0


def _specs_beside() -> Path | None:
    """The providers' own descriptions, where somebody put them beside the repository."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "specs"
    return folder if folder.is_dir() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
