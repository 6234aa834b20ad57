"""Refusals in the shape of RFC 9457 (``application/problem+json``), in Dutch, with the fix.

Nothing that was sent is repeated here but names of fields and teams: a problem ends in other people's logs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

from afspraken.domain.voornemen import Veldfout

CONTENT_TYPE = "application/problem+json"
_SOORT = "urn:vooraf:probleem:"

TITELS: dict[int, tuple[str, str]] = {
    400: ("onjuiste-gegevens", "De gegevens kloppen niet"),
    401: ("geen-sleutel", "Geen geldige sleutel"),
    403: ("niet-toegestaan", "Dit mag deze sleutel niet"),
    404: ("niet-gevonden", "Niet gevonden"),
    405: ("methode-bestaat-niet", "Deze methode bestaat hier niet"),
    406: ("niet-leverbaar", "Dit antwoord is er alleen als JSON"),
    409: ("botsing", "Dit past niet bij wat wij al hebben"),
    411: ("lengte-ontbreekt", "De lengte van het bericht ontbreekt"),
    413: ("te-groot", "Het bericht is te groot"),
    415: ("verkeerd-soort", "Stuur JSON"),
    429: ("te-vaak", "Te veel berichten"),
    500: ("storing", "Er ging bij ons iets mis"),
}
"""Status to the last part of ``type`` and the title."""


@dataclass(frozen=True, kw_only=True)
class Fout:
    """One wrong field. ``plek`` is body, path or query; ``veld`` its dotted name; ``pointer`` for a body (RFC 6901)."""

    plek: str
    veld: str
    code: str
    melding: str
    pointer: str = ""

    def as_dict(self) -> dict[str, str]:
        """As it stands in the problem."""
        pointer = {"pointer": self.pointer} if self.plek == "body" else {}
        return {"in": self.plek, "veld": self.veld, **pointer, "code": self.code, "melding": self.melding}


class Problem(Exception):
    """Stops an operation with a problem as the answer."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        fouten: Sequence[Fout] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {', '.join(fout.code for fout in fouten)}".strip())
        self.status = status
        self.detail = detail
        self.fouten = tuple(fouten)
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    def as_dict(self, *, instance: str) -> dict[str, Any]:
        """The body of the answer; without ``instance`` when that is empty."""
        soort, titel = TITELS.get(self.status) or _general(self.status)
        body: dict[str, Any] = {"type": _SOORT + soort, "title": titel, "status": self.status, "detail": self.detail}
        if instance:
            body["instance"] = instance
        body |= self.extra
        if self.fouten:
            body["fouten"] = [fout.as_dict() for fout in self.fouten]
        return body


def respond(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The answer for a problem. ``instance`` is the request's own number, which the log has too."""
    number = getattr(request, "vooraf_nummer", None)
    body = problem.as_dict(instance="" if number is None else f"urn:uuid:{number}")
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=problem.status,
        content_type=CONTENT_TYPE,
        headers=problem.headers,
    )
    # Django would log the address, and with it whatever number a caller put there; the edge logs for us.
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
    return response


def _general(status: int) -> tuple[str, str]:
    try:
        return f"status-{status}", HTTPStatus(status).phrase
    except ValueError:
        return f"status-{status}", "Niet gelukt"


_ALGEMEEN = {
    400: "De server kon dit bericht niet lezen.",
    404: "Dit adres bestaat niet. Kijk in /api/v1/openapi.json welke adressen er zijn; ze eindigen niet op een /.",
    405: "Gebruik een van de methoden in de header Allow.",
    413: "Maak het bericht kleiner.",
    429: "Wacht even en probeer het dan opnieuw.",
}


def general(status: int) -> Problem:
    """The problem for an answer that no operation of ours made."""
    fallback = "Probeer het later opnieuw. Blijft het misgaan? Geef ons dan het nummer in 'instance' door."
    return Problem(status, _ALGEMEEN.get(status, fallback if status >= 500 else "Dit kan niet."))


def camel(name: str) -> str:
    """Dutch names of the domain as the API writes them: ``bereikbaar_via`` -> ``bereikbaarVia``."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


_POINTERS = {
    "start_op": "/start",
    "eind_op": "/eind",
    "locatie_naam": "/locatie/naam",
    "locatie_adres": "/locatie/adres",
    "locatie_ruimte": "/locatie/ruimte",
}
_IN_PATH = frozenset({"bron", "extern_id"})


def pointer_of(veld: str) -> str:
    """Where a field of the domain stands in the message: ``locatie_naam`` -> ``/locatie/naam``."""
    return _POINTERS.get(veld) or "/" + "/".join(camel(part) for part in veld.split("."))


def veldnaam(veld: str) -> str:
    """The dotted name of a field as the API writes it: ``client.bereikbaar_via`` -> ``client.bereikbaarVia``."""
    return pointer_of(veld).removeprefix("/").replace("/", ".")


def from_veldfout(fout: Veldfout) -> Fout:
    """A fault that the rules found, at the place where the caller wrote it."""
    if fout.veld in _IN_PATH:
        return Fout(plek="path", veld=camel(fout.veld), code=fout.code, melding=fout.melding)
    return Fout(
        plek="body",
        veld=veldnaam(fout.veld),
        pointer=pointer_of(fout.veld),
        code=fout.code,
        melding=fout.melding,
    )
