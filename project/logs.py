"""Logs: one JSON object a line, without personal data.

Three things leak in practice, and each is stopped here: the token of a client link in an address, a phone number or
e-mail address in a message, and what an exception quotes: the row of a database, or the name that was no number.
Tracebacks therefore carry no local variables, and the text of an exception only when it is of a kind that speaks of
files, hosts and columns. Of any other the kind and the place have to do.
"""

import re
from collections.abc import Iterator, MutableMapping
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import ExcInfo

# /v/<token>, /controle/<token> and the password reset key are as good as a key to the door.
_TOKEN_PATH = re.compile(r"(/(?:v|controle|accounts/password/reset/key|accounts/confirm-email)/)[^/\s?\"'&#]+")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# International (+31...), 00 31..., or a Dutch 0 with nine digits. The look-arounds keep dates,
# UUIDs and longer numbers whole.
_PHONE = re.compile(r"(?<![\w-])(?:\+\d{8,15}|00[1-9]\d{8,13}|0[1-9](?:[ -]?\d){8})(?![\w-])")
_MESSAGE_MAX = 300
# The first line of what these say names a file, a host, a column or a part of our own code, and no value. One of our
# own errors of which that holds has ``loggable = True``.
_NAMES_NOBODY = (OSError, ImportError, AttributeError, NameError)
# The same, by name: the process that starts the web server writes logs as well, and has no need of Django.
_NAMES_NOBODY_IN_DJANGO = frozenset(
    {
        "ImproperlyConfigured",
        "TemplateDoesNotExist",
        "OperationalError",
        "InterfaceError",
        "ProgrammingError",
        "IntegrityError",
    }
)


def redact(text: str) -> str:
    """Return the text with link tokens, e-mail addresses and phone numbers blotted out."""
    text = _TOKEN_PATH.sub(r"\1[token]", text)
    text = _EMAIL.sub("[e-mail]", text)
    return _PHONE.sub("[nummer]", text)


def _redact_value(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: _redact_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_redact_value(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact(str(value))


def redact_event(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog processor: redact every value of the event."""
    return {key: value if key.startswith("_") else _redact_value(value) for key, value in event.items()}


class _ShortTraceback:
    """A traceback as data: types, files and lines; no locals, and no text that may be about a person."""

    def __init__(self) -> None:
        self._transform = ExceptionDictTransformer(show_locals=False, max_frames=30)

    def __call__(self, exc_info: ExcInfo) -> list[dict[str, Any]]:
        stacks = self._transform(exc_info)
        problems = list(_chain(exc_info[1]))
        for place, stack in enumerate(stacks):
            # The same exceptions in the same order; if ever they are not, nothing is told of them.
            same = place < len(problems) and type(problems[place]).__name__ == stack["exc_type"]
            stack["exc_value"] = _loggable_text(problems[place]) if same else ""
            for more in ("exceptions", "exc_notes", "syntax_error"):
                stack.pop(more, None)
        return stacks


def _chain(problem: BaseException | None) -> Iterator[BaseException]:
    """An exception and what it came from, as tracebacks show them."""
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        yield problem
        before = problem.__cause__
        if before is None or before.__traceback__ is None:
            before = None if problem.__suppress_context__ else problem.__context__
        problem = before if before is not None and before.__traceback__ is not None else None


def _names_nobody(problem: BaseException) -> bool:
    if isinstance(problem, _NAMES_NOBODY) or getattr(problem, "loggable", False) is True:
        return True
    kinds = type(problem).__mro__
    return any(kind.__module__.startswith("django.") and kind.__name__ in _NAMES_NOBODY_IN_DJANGO for kind in kinds)


def _loggable_text(problem: BaseException) -> str:
    if not _names_nobody(problem):
        return ""
    try:
        first_line, *_ = str(problem).splitlines() or [""]
    except Exception:  # a line of the log is worth more than what can't be said
        return ""
    return first_line[:_MESSAGE_MAX]


class _ShortTracebackText(_ShortTraceback):
    """The same in lines, for a person at a terminal; the cause comes last, as in Python's own."""

    def __call__(self, exc_info: ExcInfo) -> str:  # type: ignore[override]
        lines: list[str] = []
        for stack in reversed(super().__call__(exc_info)):
            lines += [f"  {frame['filename']}:{frame['lineno']} {frame['name']}" for frame in stack["frames"]]
            lines.append(": ".join(filter(None, (stack["exc_type"], stack["exc_value"]))))
        return "\n".join(lines)


def _drop_request(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # Django hangs the whole request on its records; its status is all a log line needs.
    event.pop("request", None)
    event.pop("server_time", None)
    return event


def logging_config(*, level: str, plain: bool) -> dict[str, Any]:
    """Return Django's LOGGING. ``plain`` writes lines for people instead of JSON."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(allow=["status_code"]),
        _drop_request,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_ShortTracebackText() if plain else _ShortTraceback()),
        redact_event,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last = (
        structlog.dev.ConsoleRenderer(colors=False) if plain else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "default": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
            },
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "default"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Its own handlers would write a second, unredacted line.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            "django-q": {"handlers": [], "level": "WARNING", "propagate": True},
            # Warns at every HEAD that Django leaves the body to the server to drop.
            "gunicorn.http.wsgi": {"level": "ERROR"},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }
