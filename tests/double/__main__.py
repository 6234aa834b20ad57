"""`python -m tests.double --port 8090`: a Twilio and a SendGrid on this machine, for tests and trials."""

import argparse
import asyncio
import gc
import json
import signal
import sys
from pathlib import Path

from tests.double.server import serve
from tests.double.state import Keys, State
from tests.double.weather import Latency


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.double", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--account-sid", default="AC" + "0" * 32)
    parser.add_argument("--auth-token", default="double-token")
    parser.add_argument("--sendgrid-key", default="double-key")
    parser.add_argument("--specs", type=Path, help="folder with the providers' API descriptions")
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument("--latency-sigma", type=float, default=0.0, help="0: the same every time; else lognormal")
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
        latency=Latency(ms=options.latency_ms, sigma=options.latency_sigma),
        deliver=options.deliver,
        events_url=options.events_url,
    )
    # A journal of a hundred thousand lines is no garbage, and looking through it again and again takes time.
    gc.freeze()
    gc.set_threshold(100_000, 20, 1000)
    asyncio.run(_run(state, options.host, options.port))
    return 0


async def _run(state: State, host: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    def ready(bound: int) -> None:
        facts = {
            "url": f"http://{host}:{bound}",
            "sendgrid_public_key": state.keys.public_key,
            "specs": state.specs is not None,
        }
        sys.stdout.write(json.dumps(facts) + "\n")
        sys.stdout.flush()

    await serve(state, host=host, port=port, ready=ready, stop=stop)


def _specs_beside() -> Path | None:
    """The providers' own descriptions, where somebody put them beside the repository."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "specs"
    return folder if folder.is_dir() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
