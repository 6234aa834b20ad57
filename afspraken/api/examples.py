"""Examples of what goes in and what comes back, as they stand in the description.

They tell one story: the appointment of A. Jansen, told as it happens. tests/api/test_examples.py lives that story and
compares each answer, so none of these can drift away from what the API really says.
"""

from __future__ import annotations

from typing import Any

from afspraken.api.problems import Fout, Problem, general
from afspraken.domain import spelregels

AFSPRAAK: dict[str, Any] = {
    "start": "2026-12-03T09:00:00Z",
    "eind": "2026-12-03T09:45:00Z",
    "externeVersie": 3,
    "onderwerp": "gesprek met de gemeente",
    "team": "wmo",
    "vorm": "balie",
    "locatie": {"naam": "Stadhuis", "adres": "Markt 1", "ruimte": "2.14"},
    "client": {
        "naam": "A. Jansen",
        "mobiel": "0612345678",
        "email": "a.jansen@example.nl",
        "taal": "nl",
        "externId": "c-77",
        "bereikbaarVia": ["sms", "email"],
    },
    "medewerker": {"externId": "m-12", "naam": "B. de Vries", "email": "b.devries@example.nl"},
}
_NU = "2026-11-25T09:00:00Z"
_EERSTE = {"bron": "jcc", "externId": "A2026-0001"}


def _berichten(soort: str, *kanalen: str) -> list[dict[str, Any]]:
    return [{"soort": soort, "kanaal": kanaal, "geplandOp": _NU} for kanaal in kanalen]


def _bericht(soort: str, kanaal: str, status: str, adres: str) -> dict[str, Any]:
    moment = _NU if status == "afgeleverd" else None
    return {
        "soort": soort,
        "kanaal": kanaal,
        "status": status,
        "adres": adres,
        "geplandOp": _NU,
        "verstuurdOp": moment,
        "afgeleverdOp": moment,
        "reden": None,
    }


_GELEZEN = {
    **_EERSTE,
    "externeVersie": 3,
    "status": "beantwoord",
    "start": AFSPRAAK["start"],
    "eind": AFSPRAAK["eind"],
    "vorigeStart": None,
    "onderwerp": AFSPRAAK["onderwerp"],
    "team": "wmo",
    "vorm": "balie",
    "locatie": AFSPRAAK["locatie"],
    "client": AFSPRAAK["client"] | {"mobiel": "+31612345678"},
    "medewerker": {"naam": "B. de Vries"},
    "voornemen": {
        "antwoord": "ja",
        "soorten": ["geluid"],
        "doel": "naluisteren",
        "toelichting": None,
        "kanaal": "sms",
        "taal": "nl",
        "ontvangenOp": _NU,
        "voorOudeTijd": False,
        "delenMetAnderen": False,
        "gezienOp": None,
    },
    "berichten": [
        _bericht("uitnodiging", "sms", "afgeleverd", "06••••••78"),
        _bericht("uitnodiging", "email", "afgeleverd", "a…@example.nl"),
        _bericht("ontvangstbevestiging", "sms", "wacht", "06••••••78"),
    ],
    "formulier": {
        "versie": 1,
        "status": "client_getekend",
        "toestemming": "nvt",
        "handtekeningen": [{"rol": "client", "wijze": "typen", "getekendOp": _NU}],
        "afgeslotenOp": None,
    },
}

BLAD = "Voorbeeld van een blad\n\n1. Dit is de eerste regel.\n\n2. Dit is de tweede regel."
"""A sheet of two lines: the real one is only shown whole, and to the letter."""

_SPELREGELS = {
    "versie": 1,
    "team": "wmo",
    "taal": "nl",
    "vertaling": False,
    "titel": "Voorbeeld van een blad",
    "regels": [
        {"nummer": 1, "tekst": "Dit is de eerste regel."},
        {"nummer": 2, "tekst": "Dit is de tweede regel."},
    ],
    "tekst": BLAD,
    "inHetKort": "U mag het gesprek opnemen.",
    "vingerafdruk": spelregels.fingerprint(BLAD),
    "gepubliceerdOp": "2026-11-02T09:00:00Z",
}

BODIES: dict[str, Any] = {"zetAfspraak": AFSPRAAK, "annuleerAfspraak": {"externeVersie": 5}}
"""What an operation is sent, by its name."""

ANSWERS: dict[tuple[str, int], Any] = {
    ("zetAfspraak", 201): {
        **_EERSTE,
        "uitkomst": "nieuw",
        "wijzigingen": [],
        "berichten": _berichten("uitnodiging", "sms", "email"),
        "weggelaten": [],
    },
    ("zetAfspraak", 200): {
        **_EERSTE,
        "uitkomst": "gewijzigd",
        "wijzigingen": ["start", "eind"],
        "berichten": _berichten("verplaatst", "sms"),
        "weggelaten": [],
    },
    ("leesAfspraak", 200): _GELEZEN,
    ("annuleerAfspraak", 200): {
        **_EERSTE,
        "uitkomst": "geannuleerd",
        "wijzigingen": ["status"],
        "berichten": _berichten("geannuleerd", "sms"),
        "weggelaten": [],
    },
    ("leesSpelregels", 200): _SPELREGELS,
}
"""What an operation answers, by its name and status."""

NUMMER = "urn:uuid:1d9a0b1e-3c4f-4a6b-8f2e-5b7c9d0e1f2a"
"""The ``instance`` of every refusal here; a real one has its own."""

_GEEN_MOBIEL = Fout(
    plek="body",
    veld="client.mobiel",
    pointer="/client/mobiel",
    code="vast_nummer",
    melding="Dit is een vast nummer. Geef een mobiel nummer dat begint met 06.",
)
_REFUSALS = (
    Problem(
        400,
        "Een of meer velden kloppen niet; er is niets bewaard. Kijk bij 'fouten' wat u moet verbeteren.",
        fouten=[_GEEN_MOBIEL],
    ),
    Problem(
        401, "Zet een geldige sleutel in de header: Authorization: Bearer <sleutel>. Een beheerder kan er een maken."
    ),
    Problem(
        403,
        "Deze sleutel heeft het recht 'afspraken:schrijven' niet. Vraag een beheerder om een sleutel met dat recht.",
    ),
    Problem(404, "Deze afspraak kennen wij niet, of hij is van een team waar deze sleutel niet voor geldt."),
    Problem(406, "Vraag om application/json in de header Accept, of laat die header weg."),
    Problem(409, "U stuurde versie 3, maar wij hebben al versie 4. Er is niets veranderd.", extra={"bekendeVersie": 4}),
    Problem(411, "Stuur de header Content-Length mee, en geen Transfer-Encoding: chunked."),
    Problem(413, "Het bericht mag hooguit 64 KB zijn. Stuur een afspraak per keer."),
    Problem(415, "Zet in de header Content-Type: application/json, en stuur de afspraak als JSON in UTF-8."),
    Problem(429, "Deze sleutel mag 1200 berichten per minuut sturen. Probeer het over 60 seconden opnieuw."),
)
_BY_STATUS = {problem.status: problem for problem in _REFUSALS}


def refusal(status: int) -> dict[str, Any]:
    """A problem as it comes with this status."""
    return (_BY_STATUS.get(status) or general(status)).as_dict(instance=NUMMER)
