"""Which columns a file has, whatever capitals, spaces and accents stand in their names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from afspraken.domain.gegevens import contains_bsn
from afspraken.sources.base import MAX_KOLOMMEN, BestandGeweigerd, Ruwerij, Waarschuwing


@dataclass(frozen=True)
class Kolom:
    """A column we read: its name on screen, and the other names that mean the same, folded."""

    naam: str
    verplicht: bool
    ook: tuple[str, ...] = ()
    uitleg: str = ""


NUMMER = "Afspraaknummer"
DATUM = "Datum"
TIJD = "Begintijd"
DUUR = "Duur (min)"
TEAM = "Team"
ONDERWERP = "Onderwerp"
NAAM = "Naam cliënt"
MOBIEL = "Mobiel"
EMAIL = "E-mail"
LOCATIE = "Locatie"
ADRES = "Adres"
RUIMTE = "Ruimte"
TAAL = "Taal"
MEDEWERKER = "Medewerker"
STATUS = "Status"
VORM = "Vorm"
VERSIE = "Versie"

KOLOMMEN: tuple[Kolom, ...] = (
    Kolom(
        NUMMER,
        True,
        ("afspraaknr", "afspraakid", "nummer", "externid"),
        "Het nummer van de afspraak in uw planning. Elk nummer staat één keer in het bestand.",
    ),
    Kolom(DATUM, True, ("dag", "afspraakdatum"), "04-12-2026 of 04/12/2026"),
    Kolom(TIJD, True, ("tijd", "starttijd", "begin", "aanvang", "tijdstip"), "13.15 uur of 13:15"),
    Kolom(DUUR, True, ("duur", "duurinminuten", "duurminuten", "minuten"), "Hele minuten: 5 tot en met 720."),
    Kolom(TEAM, True, ("teamcode", "afdeling"), "De code van het team, zoals wmo."),
    Kolom(ONDERWERP, True, ("soortafspraak", "omschrijving"), "Neutraal, zoals: gesprek met de gemeente."),
    Kolom(NAAM, True, ("naam", "client", "clientnaam", "naamclint", "naamcliant", "clint"), "De naam van de cliënt."),
    Kolom(
        MOBIEL,
        True,
        ("mobielnummer", "telefoon", "telefoonnummer", "gsm", "mobieletelefoon"),
        "Een 06-nummer. De cel mag leeg zijn.",
    ),
    Kolom(EMAIL, True, ("emailadres", "mail", "mailadres"), "De cel mag leeg zijn."),
    Kolom(LOCATIE, False, ("plaats", "gebouw"), "De naam van de plek, of Huisbezoek."),
    Kolom(ADRES, False, ("locatieadres", "straat"), "Het adres van de plek."),
    Kolom(RUIMTE, False, ("kamer", "spreekkamer"), "De kamer of balie."),
    Kolom(TAAL, False, ("voorkeurstaal", "taalclient"), "nl, en, Nederlands. Leeg is Nederlands."),
    Kolom(MEDEWERKER, False, ("naammedewerker", "behandelaar"), "De naam van de medewerker."),
    Kolom(STATUS, False, ("afspraakstatus",), "gepland of geannuleerd. Leeg is gepland."),
    Kolom(VORM, False, ("wijze",), "balie, huisbezoek, telefoon of beeldbellen."),
    Kolom(
        VERSIE, False, ("externeversie", "volgnummer"), "Een getal dat hoger wordt bij elke wijziging van de afspraak."
    ),
)

# Columns of our own error file, in a file that was mended and comes back.
_OURS = frozenset({"rij", "watisermis"})
_BSN = ("bsn", "burgerservice", "sofinummer", "sofinr", "ssn", "socialsecurity")


def fold(name: str) -> str:
    """A column name without capitals, accents, spaces and signs: "Naam cliënt" is "naamclient"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.casefold())


_BY_FOLDED = {folded: kolom.naam for kolom in KOLOMMEN for folded in (fold(kolom.naam), *kolom.ook)}


def is_bsn(name: str) -> bool:
    """Whether a column of this name holds BSNs."""
    folded = fold(name)
    return folded.startswith(_BSN) or folded.endswith("bsn")


def count_known(header: Sequence[str]) -> int:
    """How many of these names we know: tells which delimiter a file uses."""
    return sum(1 for name in header if fold(name) in _BY_FOLDED or is_bsn(name))


@dataclass(frozen=True)
class Indeling:
    """Where each of our columns stands in the file; everything else is never looked at."""

    posities: dict[str, int]
    waarschuwingen: tuple[Waarschuwing, ...]

    def pick(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells of our own columns by name. A cell of another column, such as a BSN, goes no further."""
        return {name: cells[at] if at < len(cells) else "" for name, at in self.posities.items()}


def arrange(kop: Ruwerij) -> Indeling:
    """Find our columns in the header; raises :class:`BestandGeweigerd` when some are missing or double."""
    if len(kop.cellen) > MAX_KOLOMMEN:
        raise BestandGeweigerd(
            "te_veel_kolommen",
            f"Het bestand heeft {len(kop.cellen)} kolommen.",
            f"Laat alleen de kolommen over die nodig zijn. Maximaal {MAX_KOLOMMEN}.",
        )
    posities: dict[str, int] = {}
    dubbel: list[str] = []
    onbekend: list[str] = []
    bsn = False
    for at, name in enumerate(kop.cellen):
        if is_bsn(name):
            bsn = True
            continue
        ours = _BY_FOLDED.get(fold(name))
        if ours is None:
            if name.strip() and fold(name) not in _OURS:
                onbekend.append(name)
        elif ours in posities:
            dubbel.append(ours)
        else:
            posities[ours] = at
    if dubbel:
        raise BestandGeweigerd(
            "dubbele_kolommen",
            f"Deze kolom staat er twee keer in: {', '.join(dict.fromkeys(dubbel))}.",
            "Haal een van de twee weg of geef hem een andere naam.",
        )
    _check_missing(kop, posities)
    return Indeling(posities=posities, waarschuwingen=tuple(_notes(onbekend, bsn=bsn)))


def _check_missing(kop: Ruwerij, posities: dict[str, int]) -> None:
    ontbreekt = [kolom.naam for kolom in KOLOMMEN if kolom.verplicht and kolom.naam not in posities]
    if not ontbreekt:
        return
    nodig = ", ".join(kolom.naam for kolom in KOLOMMEN if kolom.verplicht)
    if not posities:
        raise BestandGeweigerd(
            "geen_kolomnamen",
            "Op de eerste regel staan geen kolomnamen die we kennen.",
            f"Zet op de eerste regel deze kolomnamen: {nodig}.",
        )
    raise BestandGeweigerd(
        "kolommen_ontbreken",
        f"Deze {'kolom ontbreekt' if len(ontbreekt) == 1 else 'kolommen ontbreken'}: {', '.join(ontbreekt)}. "
        f"In het bestand staan: {_shown(kop.cellen)}.",
        f"Zet alle kolommen erin die nodig zijn: {nodig}.",
    )


def _shown(header: Sequence[str]) -> str:
    """The names in a header, but nothing that looks like data of a person: a file may lack its header."""
    names = [name.strip()[:40] for name in header if name.strip()]
    safe = [name for name in names if not (contains_bsn(name) or "@" in name or re.search(r"[0-9]{4}", name))]
    hidden = len(names) - len(safe)
    more = [f"en {hidden} andere"] if hidden else []
    return ", ".join([*safe[:40], *more])


def _notes(onbekend: list[str], *, bsn: bool) -> list[Waarschuwing]:
    notes = []
    if bsn:
        notes.append(("bsn_overgeslagen", "BSN", "De kolom met BSN's is niet gelezen. Laat hem voortaan weg."))
    if onbekend:
        text = f"We gebruiken niet alle kolommen. Niet gelezen: {_shown(onbekend)}."
        notes.append(("kolommen_overgeslagen", "", text))
    return [Waarschuwing(rij=0, kolom=kolom, waarde="", code=code, melding=text) for code, kolom, text in notes]
