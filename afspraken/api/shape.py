"""Faults of shape, as pydantic finds them, in the words of whoever wrote the message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from afspraken.api.intake import escape
from afspraken.api.problems import Fout

_NAAM_MAX = 60


def from_pydantic(errors: Iterable[Mapping[str, Any]], *, known: Mapping[str, Sequence[str]]) -> list[Fout]:
    """One fault per wrong field. ``known`` lists the fields of each object by its pointer ("" is the message)."""
    found: dict[tuple[str, str], Fout] = {}
    for error in errors:
        fout = _fout(error, known)
        found.setdefault((fout.plek, fout.pointer or fout.veld), fout)
    return list(found.values())


def _fout(error: Mapping[str, Any], known: Mapping[str, Sequence[str]]) -> Fout:
    plek, *rest = error["loc"]
    if plek == "body":
        # The second part is the name of our own argument.
        rest = rest[1:]
    names = [str(part) for part in rest]
    pointer = "".join(f"/{escape(name)}" for name in names)
    code, melding = _words(error, known.get("".join(f"/{name}" for name in names[:-1]), ()))
    return Fout(
        plek=str(plek),
        veld=_shown(".".join(names)) or "bericht",
        pointer=_shown(pointer),
        code=code,
        melding=melding,
    )


def _shown(text: str) -> str:
    return re.sub(r"[^\w./~ -]", "?", text)[:_NAAM_MAX]


def _words(error: Mapping[str, Any], known: Sequence[str]) -> tuple[str, str]:
    context = error.get("ctx") or {}
    kind = str(error["type"])
    if "melding" in context:
        return kind, str(context["melding"])
    if kind == "extra_forbidden":
        fields = f" Velden die hier mogen: {', '.join(known)}." if known else ""
        return "onbekend_veld", f"Dit veld kennen we niet. Haal het weg.{fields}"
    if kind == "literal_error":
        options = str(context.get("expected", "")).replace("'", "").replace(" or ", " of ")
        return "onbekende_waarde", f"Deze waarde kennen we niet. Kies een van: {options}."
    if kind in _LIMITS:
        code, melding = _LIMITS[kind]
        return code, melding.format(**context)
    return _PLAIN.get(kind, ("onjuist", "Deze waarde kunnen we niet lezen. Kijk in de beschrijving van de API."))


_OBJECT = ("geen_object", "Geef hier een object met velden, tussen accolades.")
_PLAIN = {
    "missing": ("ontbreekt", "Dit veld ontbreekt. Geef het mee."),
    "string_type": ("geen_tekst", "Geef hier tekst, tussen aanhalingstekens."),
    "string_unicode": ("geen_tekst", "Deze tekst is geen geldige UTF-8. Verstuur hem opnieuw als UTF-8."),
    "int_type": ("geen_getal", "Geef hier een geheel getal."),
    "int_parsing_size": ("te_groot", "Dit getal is te groot. Geef een kleiner geheel getal."),
    "list_type": ("geen_lijst", "Geef hier een lijst, tussen vierkante haken."),
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
    "string_pattern_mismatch": (
        "verkeerde_tekens",
        "Hier staan tekens in die niet mogen. Gebruik letters, cijfers, punt, streepje en laag streepje.",
    ),
}
_LIMITS = {
    "string_too_long": ("te_lang", "De tekst is te lang. Maak hem korter: maximaal {max_length} tekens."),
    "too_long": ("te_lang", "De lijst is te lang. Geef er hooguit {max_length}."),
    "greater_than_equal": ("te_klein", "Dit getal is te klein. Geef {ge} of hoger."),
    "less_than_equal": ("te_groot", "Dit getal is te groot. Geef hooguit {le}."),
}
