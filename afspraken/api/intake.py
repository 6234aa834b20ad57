"""What comes in over the API before anyone looks at its meaning: kind, size, JSON, and the BSN that is dropped.

A BSN is taken out here, ahead of validation, so that no later message, log line or row can hold it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, RawPostDataException
from django.http.request import MediaType
from ninja.parser import Parser

from afspraken.api.problems import Problem
from afspraken.domain.gegevens import contains_bsn, looks_like_bsn

MAX_BYTES = 64 * 1024
"""An appointment is about 600 bytes; this leaves room for long names and none for a flood."""

_JSON_TYPES = ("application/json", "application/problem+json")
_BSN_NAMES = ("bsn", "burgerservicenummer", "sofinummer")
_NUMBER_NAMES = ("id", "nummer", "nr", "sleutel", "kenmerk")
_NAME_NAMES = ("naam",)
_DIGITS = re.compile(r"\d[\d.\- ]{6,12}\d")


@dataclass
class Ontvangen:
    """The body as it was read: without BSN, and with the places where one was."""

    data: Any
    weggelaten: list[str] = field(default_factory=list)


def check_headers(request: HttpRequest) -> None:
    """Refuse what can't be answered or read: 406, 411, 413, 415."""
    if not _accepts_json(request):
        raise Problem(406, "Vraag om application/json in de header Accept, of laat die header weg.")
    if request.method not in ("PUT", "POST", "PATCH"):
        return
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        # Django reads no more than Content-Length says, so such a body would look empty.
        raise Problem(411, "Stuur de header Content-Length mee, en geen Transfer-Encoding: chunked.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_BYTES:
        raise Problem(413, f"Het bericht mag hooguit {MAX_BYTES // 1024} KB zijn. Stuur een afspraak per keer.")
    if int(length) and request.content_type != "application/json":
        raise Problem(415, "Zet in de header Content-Type: application/json, en stuur de afspraak als JSON in UTF-8.")
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    if int(length) and charset not in ("utf-8", "utf8"):
        raise Problem(415, "Stuur JSON in UTF-8. Laat 'charset' weg of zet er utf-8.")


def _accepts_json(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "*/*").strip() or "*/*"
    for token in accept.split(","):
        media = MediaType(token)
        if media.params.get("q", "1").strip() in ("0", "0.0", "0.00", "0.000"):
            continue
        if any(media.match(offered) for offered in _JSON_TYPES):
            return True
    return False


class JsonParser(Parser):
    """Ninja's parser, stricter: UTF-8, no double names, no NaN, no BSN. Raises :class:`Problem`."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body; what was read is also kept on the request for a second look."""
        ontvangen = read_json(request)
        request.vooraf_ontvangen = ontvangen  # type: ignore[attr-defined]  # read back by received()
        return ontvangen.data


def received(request: HttpRequest) -> Ontvangen:
    """What the parser read from this request; an empty object when there was no body."""
    found = getattr(request, "vooraf_ontvangen", None)
    return found if isinstance(found, Ontvangen) else Ontvangen(data={})


def read_json(request: HttpRequest) -> Ontvangen:
    """Read and clean the body."""
    try:
        text = request.body.decode("utf-8")
    except (RequestDataTooBig, RawPostDataException):
        raise Problem(413, f"Het bericht mag hooguit {MAX_BYTES // 1024} KB zijn.") from None
    except UnicodeDecodeError:
        raise _unreadable("De tekst is geen UTF-8.") from None
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except _Dubbel as dubbel:
        raise _unreadable(f"Het veld '{dubbel.naam}' staat er twee keer in. Stuur elk veld een keer.") from None
    except (ValueError, RecursionError):
        raise _unreadable("Controleer komma's, haakjes en aanhalingstekens.") from None
    weggelaten: list[str] = []
    return Ontvangen(data=without_bsn(data, weggelaten), weggelaten=weggelaten)


def _unreadable(hint: str) -> Problem:
    return Problem(400, f"Dit is geen JSON die wij kunnen lezen. {hint}")


class _Dubbel(Exception):
    def __init__(self, naam: str) -> None:
        super().__init__("duplicate name")
        self.naam = re.sub(r"[^\w.-]", "?", naam)[:40]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Dubbel(name)
        found[name] = value
    return found


def _constant(name: str) -> Any:
    raise ValueError(name)


def without_bsn(data: Any, weggelaten: list[str], pointer: str = "") -> Any:
    """The same data without BSNs; ``weggelaten`` gets the pointer of each place."""
    if isinstance(data, list):
        return [without_bsn(item, weggelaten, f"{pointer}/{index}") for index, item in enumerate(data)]
    if not isinstance(data, dict):
        return data
    clean: dict[str, Any] = {}
    for name, value in data.items():
        if contains_bsn(name):
            weggelaten.append(f"{pointer}/...")
            continue
        place = f"{pointer}/{escape(name)}"
        folded = re.sub(r"[^a-z]", "", name.casefold())
        if any(word in folded for word in _BSN_NAMES) or _is_bsn(folded, value):
            weggelaten.append(place)
        elif folded.endswith(_NAME_NAMES) and isinstance(value, str) and contains_bsn(value):
            weggelaten.append(place)
            clean[name] = _without_number(value)
        else:
            clean[name] = without_bsn(value, weggelaten, place)
    return clean


def escape(name: str) -> str:
    """A member name inside a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _is_bsn(folded: str, value: Any) -> bool:
    # "versie" and times are numbers too; only what names or numbers a person is looked at.
    if not folded.endswith(_NUMBER_NAMES + _NAME_NAMES) or isinstance(value, bool):
        return False
    return isinstance(value, str | int) and looks_like_bsn(str(value))


def _without_number(text: str) -> str:
    kept = _DIGITS.sub(lambda found: "" if looks_like_bsn(found.group()) else found.group(), text)
    return " ".join(kept.split())
