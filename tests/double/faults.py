"""What a fault does to an answer. Half of them strike after the provider took the message."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.double.answers import Answer
from tests.double.wire import Connection

HUGE = 50 * 1024 * 1024
_PAGE = b"<!DOCTYPE html><html><title>502</title><h1>Bad gateway</h1></html>"


@dataclass(kw_only=True)
class Fault:
    """A fault for the next ``times`` requests of one provider.

    Nothing was accepted: ``error`` (status and code), ``429``, ``5xx-before``, ``reset-before``, ``hang-before``
    (nothing for ``seconds``, then a reset), ``html-before`` (a page with 200), ``ok-with-error`` (200 and an error).
    Accepted all the same: ``5xx-after``, ``reset-after``, ``hang``, ``html``, ``garbled`` (half a body as if it were
    whole), ``truncated`` (half of the promised body, then the end), ``encoding`` (says gzip, is not), ``dribble`` and
    ``dribble-head`` (a byte each ``seconds``, for ever), ``huge`` (50 MB), ``slow`` (a good answer after ``seconds``).
    """

    api: str
    kind: str
    times: int = 1
    to: str = ""
    status: int = 400
    code: int = 0
    retry_after: str = ""
    seconds: float = 1.0
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A misspelt fault would be one that never happens."""
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind}; known are {sorted(KINDS)}")


def before(fault: Fault, line: Connection) -> bool:
    """Faults in which nothing was accepted; True when the request is over."""
    act = _BEFORE.get(fault.kind)
    if act is None:
        return False
    act(fault, line)
    return True


def after(fault: Fault, answer: Answer, line: Connection) -> bool:
    """Faults in which it was accepted all the same; True when the request is over."""
    act = _AFTER.get(fault.kind)
    if act is None:
        return False
    act(fault, answer, line)
    return True


def _too_many(fault: Fault, line: Connection) -> None:
    headers = fault.headers | ({"Retry-After": fault.retry_after} if fault.retry_after else {})
    line.answer(Answer(429, {"code": 20429, "message": "Too Many Requests", "status": 429}, headers))


def _error(fault: Fault, line: Connection) -> None:
    body: dict[str, object] = {"code": fault.code, "message": "refused", "status": fault.status}
    if fault.api == "sendgrid":
        body = {"errors": [{"message": "refused", "field": None}]}
    line.answer(Answer(fault.status, body, fault.headers))


def _ok_with_error(fault: Fault, line: Connection) -> None:
    line.answer(Answer(200, {"code": 20500, "message": "Internal Server Error", "status": 500}))


def _silent(fault: Fault, line: Connection) -> None:
    asyncio.get_running_loop().call_later(fault.seconds, line.cut)


def _page(line: Connection) -> None:
    line.answer_bytes(200, _PAGE, {"Content-Type": "text/html"})


_BEFORE: dict[str, Callable[[Fault, Connection], None]] = {
    "429": _too_many,
    "error": _error,
    "ok-with-error": _ok_with_error,
    "5xx-before": lambda fault, line: line.answer(Answer(503, {"message": "unavailable"})),
    "reset-before": lambda fault, line: line.cut(),
    "hang-before": _silent,
    "html-before": lambda fault, line: _page(line),
}

_AFTER: dict[str, Callable[[Fault, Answer, Connection], None]] = {
    "5xx-after": lambda fault, answer, line: line.answer(Answer(502, {"message": "bad gateway"})),
    "reset-after": lambda fault, answer, line: line.cut(),
    "hang": lambda fault, answer, line: _silent(fault, line),
    "html": lambda fault, answer, line: _page(line),
    "garbled": lambda fault, answer, line: line.answer_bytes(answer.status, b'{"sid": "SM', {}),
    "truncated": lambda fault, answer, line: line.answer_partly(answer.status, 500, b'{"sid": "SM'),
    "encoding": lambda fault, answer, line: line.answer_bytes(
        answer.status, b'{"sid": "SM1"}', {"Content-Encoding": "gzip", **answer.headers}
    ),
    "dribble": lambda fault, answer, line: line.answer_slowly(answer.status, 100_000, fault.seconds),
    "dribble-head": lambda fault, answer, line: line.answer_slowly(answer.status, 9, fault.seconds, head=True),
    "huge": lambda fault, answer, line: line.answer_endlessly(answer.status, HUGE),
}

BEFORE = frozenset(_BEFORE)
# "slow" is the server's own: a good answer, later.
KINDS = BEFORE | frozenset(_AFTER) | {"slow"}
