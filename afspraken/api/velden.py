"""The kinds of fields that come in: what they accept, and the Dutch words when they don't."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from afspraken.domain.gegevens import TALEN, normalise_taal
from afspraken.domain.tekst import INVISIBLE
from notifications import api as post

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?")
_NO_OFFSET = re.compile(r".*T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?")
_VOORBEELD = "2026-12-03T09:00:00Z of 2026-12-03T10:00:00+01:00"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
VERSIE_MAX = 2**63 - 1


def refuse(code: str, melding: str) -> PydanticCustomError:
    """A refusal with our own code and words; they travel in the context, so braces in them stay as they are."""
    return PydanticCustomError(code, "{melding}", {"melding": melding})


def read_moment(value: Any) -> datetime:
    """A moment with its offset (RFC 3339), in UTC."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise refuse("geen_moment", f"Dit is geen datum met tijd. Schrijf het zo: {_VOORBEELD}.")
    if _NO_OFFSET.fullmatch(value):
        raise refuse("geen_tijdzone", f"De tijdzone ontbreekt. Zet er Z of +01:00 achter, zoals {_VOORBEELD}.")
    if value.endswith("-00:00"):
        raise refuse("geen_tijdzone", "-00:00 zegt niet welke tijdzone het is. Gebruik Z of een verschil zoals +01:00.")
    try:
        return datetime.fromisoformat(_six_digits(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise refuse("geen_moment", f"Deze datum of tijd bestaat niet. Schrijf het zo: {_VOORBEELD}.") from None


def _six_digits(value: str) -> str:
    # Nanoseconds are valid in RFC 3339; we keep whole microseconds.
    return re.sub(r"(\.\d{6})\d+", r"\1", value)


def _versie(value: Any) -> Any:
    # JSON knows one kind of number: 3.0 is 3.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise refuse("geen_getal", "Geef een geheel getal, zonder aanhalingstekens; hoger bij elke wijziging.")
    return value


def plain(value: str) -> str:
    """The text without space around it and without what no one sees; no control characters, no half characters."""
    if _CONTROL.search(value):
        raise refuse(
            "stuurteken", "Hier staat een regeleinde of stuurteken in. Haal het weg; gebruik alleen gewone tekst."
        )
    return value.translate(INVISIBLE).strip()


def _filled(value: str) -> str:
    if not value:
        raise refuse("leeg", "Dit veld is leeg. Vul het in.")
    return value


_ADRES_CODES = {
    "machine": "nummer_voor_apparaten",
    "paid": "betaald_nummer",
    "landline": "vast_nummer",
    "not_allowed": "ander_land",
    "not_mobile": "niet_mobiel",
    "letters": "geen_cijfers",
    "impossible": "geen_nummer",
    "invalid": "geen_emailadres",
}


def _mobiel(value: str) -> str:
    try:
        return post.normalise_mobile(value) if value else ""
    except post.AddressProblem as problem:
        raise refuse(_ADRES_CODES.get(problem.code, problem.code), problem.message) from None


def _email(value: str) -> str:
    try:
        return post.normalise_email(value) if value else ""
    except post.AddressProblem as problem:
        raise refuse(_ADRES_CODES.get(problem.code, problem.code), problem.message) from None


def _taal(value: str) -> str:
    try:
        return normalise_taal(value)
    except ValueError:
        raise refuse("onbekende_taal", f"Deze taal kennen we niet. Kies een van: {', '.join(TALEN)}.") from None


Moment = Annotated[
    datetime,
    BeforeValidator(read_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-12-03T09:00:00Z"]}),
]
# The limits stand beside the int: behind a validator, pydantic describes them as "ge" and "le", which no reader knows.
Versie = Annotated[int, Field(ge=0, le=VERSIE_MAX), BeforeValidator(_versie)]
Tekst = Annotated[str, AfterValidator(plain)]
Gevuld = Annotated[Tekst, AfterValidator(_filled)]
Mobiel = Annotated[Tekst, AfterValidator(_mobiel), Field(max_length=40)]
Email = Annotated[Tekst, AfterValidator(_email), Field(max_length=254)]
Taal = Annotated[Tekst, AfterValidator(_taal), Field(max_length=35)]
BRON_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._\-]{0,39}$"
EXTERN_ID_PATTERN = r"^[^\x00-\x1f\x7f\u2028\u2029/]{1,100}$"
