"""No link token, phone number or address of a person reaches a log."""

import json
import logging
import logging.config
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.template import TemplateDoesNotExist
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


def told(problem: BaseException, stream: StringIO, *, plain: bool = False) -> str:
    """What is written of an exception that was raised."""
    target = set_up(plain=True) if plain else stream
    try:
        raise problem
    except BaseException:  # also groups of them
        logging.getLogger("vooraf.test").exception("could not save")
    written = target.getvalue()
    assert type(problem).__name__ in written
    assert "test_logs.py" in written
    return written


def test_an_exception_brings_no_locals_and_no_row(stream: StringIO) -> None:
    naam = "Jansen"
    row = f'duplicate key violates unique constraint "one" 0612345678\nDETAIL: Key (naam)=({naam}) exists'
    written = told(IntegrityError(row), stream)
    assert json.loads(written)["exception"][0]["exc_value"] == (
        'duplicate key violates unique constraint "one" [nummer]'
    )
    assert naam not in written
    assert "0612345678" not in written
    assert len(written.splitlines()) == 1


class Own(Exception):
    """One of ours that names nobody."""

    loggable = True


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(
    "problem",
    [
        FileNotFoundError(2, "No such file", "/srv/font.ttf"),
        ModuleNotFoundError("no module /srv/font.ttf"),
        OperationalError("no connection to /srv/font.ttf"),
        InterfaceError("no connection to /srv/font.ttf"),
        ProgrammingError("no column /srv/font.ttf"),
        ImproperlyConfigured("no setting /srv/font.ttf"),
        TemplateDoesNotExist("/srv/font.ttf"),
        Own("/srv/font.ttf"),
    ],
)
def test_what_names_a_file_or_a_host_is_told(problem: Exception, plain: bool, stream: StringIO) -> None:
    assert "/srv/font.ttf" in told(problem, stream, plain=plain)


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(
    "problem",
    [
        ValueError("invalid literal for int() with base 10: 'Jansen'"),
        KeyError("Jansen"),
        TypeError("Field 'id' expected a number but got 'Jansen'."),
        DataError("invalid input syntax for type uuid: Jansen"),
        RuntimeError("Jansen"),
        SyntaxError("Jansen", ("Jansen", 1, 1, "Jansen")),
        ExceptionGroup("Jansen", [ValueError("Jansen")]),
    ],
)
def test_what_may_name_a_person_is_not_told(problem: Exception, plain: bool, stream: StringIO) -> None:
    problem.add_note("Jansen")
    assert "Jansen" not in told(problem, stream, plain=plain)


class Unspeakable(OSError):
    """Its text can't be made."""

    def __str__(self) -> str:
        raise RuntimeError("Jansen")


@pytest.mark.parametrize("plain", [False, True])
def test_an_exception_that_cannot_be_told_loses_no_line(stream: StringIO, plain: bool) -> None:
    assert "Jansen" not in told(Unspeakable(), stream, plain=plain)


@pytest.mark.parametrize("plain", [False, True])
def test_of_what_it_came_from_the_same_is_told(stream: StringIO, plain: bool) -> None:
    def first() -> None:
        raise KeyError("Jansen")

    def second() -> None:
        try:
            first()
        except KeyError:
            raise OSError("no room on /srv") from None

    def third() -> None:
        try:
            second()
        except OSError as error:
            raise ValueError("Bakker") from error

    try:
        third()
    except ValueError as error:
        written = told(error, stream, plain=plain)
    assert "no room on /srv" in written
    assert "Jansen" not in written
    assert "Bakker" not in written
    # The one that was left out by "from None" is not part of it.
    assert written.count("KeyError") == 0


def test_an_exception_at_a_terminal_is_redacted_too(stream: StringIO) -> None:
    written = told(OSError(f"no answer on /v/{TOKEN}\nDETAIL: Jansen"), stream, plain=True)
    assert "OSError: no answer on /v/[token]" in written
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


def test_who_only_writes_logs_does_without_django() -> None:
    """The web server's first process is one of these."""
    code = "import sys, project.logs; print(sorted(name for name in sys.modules if name.startswith('django')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=BASE_DIR, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
