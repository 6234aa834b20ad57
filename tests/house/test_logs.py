"""No link token, phone number or address of a person reaches a log."""

import json
import logging
import logging.config
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from project.env import BASE_DIR
from project.logs import logging_config, redact

TOKEN = "Zk3rQ9xX1uV7bN5mT2wP0a"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        (f"GET /v/{TOKEN} HTTP/1.1", "GET /v/[token] HTTP/1.1"),
        (f"GET /v/{TOKEN}/afspraak.ics?x=1", "GET /v/[token]/afspraak.ics?x=1"),
        (f"Not Found: /v/{TOKEN}", "Not Found: /v/[token]"),
        (f"https://vooraf.example/controle/{TOKEN}", "https://vooraf.example/controle/[token]"),
        ("/accounts/password/reset/key/3-abcdef/", "/accounts/password/reset/key/[token]/"),
        ("bel 0612345678 of +31612345678", "bel [nummer] of [nummer]"),
        ("bel 06 12 34 56 78", "bel [nummer]"),
        ("bel 06-12345678", "bel [nummer]"),
        ("naar 0031612345678", "naar [nummer]"),
        ("mail a.jansen@example.nl nu", "mail [e-mail] nu"),
        # Left whole: dates, times, ids and figures.
        ("2026-12-03T09:00:00Z", "2026-12-03T09:00:00Z"),
        ("0b9c6a3e-3f0a-4c55-9d0b-6a3e3f0a4c55", "0b9c6a3e-3f0a-4c55-9d0b-6a3e3f0a4c55"),
        ("/werk/daglijst/2026-12-03", "/werk/daglijst/2026-12-03"),
        ("20017 rows in 0.125 s", "20017 rows in 0.125 s"),
    ],
)
def test_redaction(text: str, safe: str) -> None:
    assert redact(text) == safe


def set_up(*, plain: bool) -> StringIO:
    """A logger of its own, set up as the service's: the root logger belongs to pytest."""
    target = StringIO()
    config = logging_config(level="INFO", plain=plain)
    config["handlers"]["console"]["stream"] = target
    config["loggers"] = {"vooraf.test": {"handlers": ["console"], "level": "INFO", "propagate": False}}
    del config["root"]
    logging.config.dictConfig(config)
    return target


@pytest.fixture
def stream() -> Iterator[StringIO]:
    yield set_up(plain=False)
    logging.getLogger("vooraf.test").handlers.clear()


def test_a_line_is_json_with_utc_time(stream: StringIO) -> None:
    logging.getLogger("vooraf.test").info(
        "Not Found: %s", f"/v/{TOKEN}", extra={"status_code": 404, "request": object()}
    )
    line = json.loads(stream.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "Not Found: /v/[token]", "level": "info", "logger": "vooraf.test", "status_code": 404}


def test_an_exception_brings_no_locals_and_no_row(stream: StringIO) -> None:
    naam = "Jansen"
    try:
        raise ValueError(f"duplicate key for 0612345678\nDETAIL: Key (naam)=({naam}) exists")
    except ValueError:
        logging.getLogger("vooraf.test").exception("could not save")
    written = stream.getvalue()
    assert "ValueError" in written
    assert "test_logs.py" in written
    assert naam not in written
    assert "0612345678" not in written
    assert len(written.splitlines()) == 1


def test_an_exception_at_a_terminal_is_redacted_too(stream: StringIO) -> None:
    terminal = set_up(plain=True)
    try:
        try:
            raise KeyError("0612345678")
        except KeyError as error:
            raise ValueError(f"no answer on /v/{TOKEN}\nDETAIL: Jansen") from error
    except ValueError:
        logging.getLogger("vooraf.test").exception("could not answer")
    written = terminal.getvalue()
    assert "ValueError: no answer on /v/[token]" in written
    assert "test_logs.py" in written
    assert "0612345678" not in written
    assert "Jansen" not in written


def test_a_line_break_in_a_value_makes_no_second_line(stream: StringIO) -> None:
    logging.getLogger("vooraf.test").info("naam %s", 'x\n{"level": "error", "event": "forged"}')
    assert len(stream.getvalue().splitlines()) == 1


def test_the_access_log_hides_the_token(capsys: pytest.CaptureFixture[str]) -> None:
    scope: dict[str, object] = {"__file__": str(BASE_DIR / "deploy" / "gunicorn.conf.py")}
    exec(compile((BASE_DIR / "deploy" / "gunicorn.conf.py").read_text("utf-8"), "gunicorn.conf.py", "exec"), scope)
    config = Config()
    config.set("accesslog", "-")
    logger = scope["logger_class"](config)  # type: ignore[operator]
    request = {"REQUEST_METHOD": "GET", "RAW_URI": f"/v/{TOKEN}?x=1", "REMOTE_ADDR": "192.0.2.7"}
    logger.access(SimpleNamespace(status="200 OK", sent=5), None, request, timedelta(milliseconds=12))
    line = json.loads(capsys.readouterr().out)
    assert (line["path"], line["status"], line["milliseconds"]) == ("/v/[token]?x=1", 200, 12)
    assert "192.0.2.7" not in str(line)
