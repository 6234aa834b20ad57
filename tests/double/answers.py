"""A request as the double reads it, and its answer."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote_to_bytes


def form(text: bytes) -> dict[str, list[str]]:
    """A form or a query, as ``parse_qs`` reads it with blank values kept, in half of its time."""
    found: dict[str, list[str]] = {}
    for pair in text.split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            found.setdefault(_word(name), []).append(_word(value))
    return found


def _word(quoted: bytes) -> str:
    plain = quoted.replace(b"+", b" ")
    return (unquote_to_bytes(plain) if b"%" in plain else plain).decode("utf-8", "replace")


@dataclass(kw_only=True)
class Request:
    """What was asked. ``auth`` is the Authorization header; the readings of the body are made once."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: bytes
    auth: str = ""

    @cached_property
    def form(self) -> dict[str, list[str]]:
        """The body as a form."""
        return form(self.body)

    @cached_property
    def document(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A call of the double's own: ``send`` makes it and returns the status of the answer (0: nobody there).

    ``after`` is the wait in seconds, counted from the letter before it or from the answer to the request that it
    is about; ``early`` letters are sent before that answer. ``tries`` is how often it is sent at most until somebody
    takes it.
    """

    send: Callable[[], int]
    after: float = 0.0
    early: bool = False
    tries: int = 1


@dataclass(kw_only=False)
class Answer:
    """Status, JSON body (None: empty), extra headers, and what the provider will report about it."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
