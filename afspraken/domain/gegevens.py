"""What a planning system, a file or a person gives us about one appointment, and the checks on it.

Each check speaks to whoever delivered the data: which field, what is wrong, what to do.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from afspraken.domain.voornemen import Veldfout

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
VORMEN = ("balie", "huisbezoek", "telefoon", "beeldbellen")
MAX_DUUR = timedelta(hours=12)
MAX_VOORUIT = timedelta(days=731)
# A walk-in is entered while the client already sits at the desk.
INLOOP_SPELING = timedelta(hours=2)

TALEN: dict[str, str] = {
    "nl": "Nederlands",
    "en": "Engels",
    "ar": "Arabisch",
    "tr": "Turks",
    "pl": "Pools",
    "ti": "Tigrinya",
    "uk": "Oekraïens",
    "so": "Somalisch",
    "fa": "Farsi",
    "fr": "Frans",
    "es": "Spaans",
    "de": "Duits",
    "pap": "Papiaments",
}
"""Languages a client may have, as BCP 47 code and Dutch name. Texts exist in nl and en; others fall back to nl."""

_TAAL_NAMEN = {naam.casefold(): code for code, naam in TALEN.items()} | {
    "nld": "nl", "dut": "nl", "nederlands": "nl", "dutch": "nl", "ned": "nl",
    "eng": "en", "english": "en",
    "ara": "ar", "arabic": "ar",
    "tur": "tr", "turkish": "tr",
    "pol": "pl", "polish": "pl",
    "tir": "ti", "tigrinja": "ti",
    "ukr": "uk", "oekraiens": "uk", "ukrainian": "uk",
    "som": "so", "somali": "so",
    "fas": "fa", "per": "fa", "prs": "fa", "dari": "fa", "perzisch": "fa",
    "fra": "fr", "fre": "fr", "french": "fr",
    "spa": "es", "spanish": "es",
    "deu": "de", "ger": "de", "german": "de",
    "papiamento": "pap", "papiamentu": "pap",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Clientgegevens:
    """A client as delivered. ``mobiel`` is E.164, both addresses already normalised by the post room.

    ``bereikbaar_via`` None means: nothing was said, so each address that is present counts.
    """

    naam: str
    mobiel: str = ""
    email: str = ""
    taal: str = "nl"
    extern_id: str = ""
    bereikbaar_via: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Medewerkergegevens:
    """A medewerker as delivered: often only a name."""

    naam: str
    extern_id: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Afspraakgegevens:
    """One appointment as delivered. Moments are aware and in UTC."""

    bron: str
    extern_id: str
    start_op: datetime
    eind_op: datetime
    onderwerp: str
    team: str
    client: Clientgegevens
    vorm: str = "balie"
    locatie_naam: str = ""
    locatie_adres: str = ""
    locatie_ruimte: str = ""
    medewerker: Medewerkergegevens | None = None
    externe_versie: int | None = None
    inloop: bool = False
    geannuleerd: bool = False


class LocalTimeFout(Exception):
    """A local time that does not exist in Europe/Amsterdam: the clock went forward over it, or the year is none."""

    def __init__(self, naive: datetime, melding: str = "") -> None:
        self.code = "tijd_bestaat_niet"
        self.melding = melding or (
            f"{naive:%d-%m-%Y %H.%M} uur bestaat niet: in die nacht gaat de klok van 2.00 naar 3.00 uur. "
            "Kies een tijd vóór 2.00 uur of vanaf 3.00 uur."
        )
        super().__init__(self.melding)


def local_to_utc(naive: datetime) -> tuple[datetime, bool]:
    """The moment of a wall-clock time in Europe/Amsterdam, in UTC, and whether that time exists twice.

    Stated rule: of a time that exists twice (last Sunday of October) the first, the summer time one, is taken;
    the caller shows a warning. A time that does not exist (last Sunday of March) raises :class:`LocalTimeFout`.
    """
    if naive.tzinfo is not None:
        raise ValueError("local_to_utc takes a time without zone")
    first = naive.replace(tzinfo=AMSTERDAM, fold=0)
    second = naive.replace(tzinfo=AMSTERDAM, fold=1)
    try:
        as_utc = first.astimezone(UTC)
    except OverflowError:
        raise LocalTimeFout(naive, "Deze datum kan niet. Controleer het jaartal.") from None
    if as_utc.astimezone(AMSTERDAM).replace(tzinfo=None) != naive:
        raise LocalTimeFout(naive)
    return as_utc, first.utcoffset() != second.utcoffset()


def normalise_taal(text: str) -> str:
    """The BCP 47 code for a language in any spelling; nothing at all means Dutch. Unknown: ValueError."""
    folded = text.strip().casefold()
    if not folded:
        return "nl"
    head = re.split(r"[-_]", folded)[0]
    for candidate in (folded, head):
        if candidate in TALEN:
            return candidate
        if candidate in _TAAL_NAMEN:
            return _TAAL_NAMEN[candidate]
    raise ValueError(f"onbekende taal: {text.strip()[:30]}")


def looks_like_bsn(text: str) -> bool:
    """Whether a text is nine digits that pass the eleven test of a BSN.

    Eight digits are not tested: one in eleven numbers of a planning system would be taken for a BSN that lost
    its leading zero. Numbers from 999900000 on are never given out and stand for a BSN in test files; they count
    without the test.
    """
    digits = re.sub(r"[\s.\-]", "", text)
    if not digits.isdecimal() or len(digits) != 9:
        return False
    # Digits of any script: someone who writes Arabic types their number in it.
    digits = "".join(str(int(digit)) for digit in digits)
    if digits == "0" * 9:
        return False
    if digits.startswith("9999"):
        return True
    total = sum(int(digit) * weight for digit, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return total % 11 == 0


def contains_bsn(text: str) -> bool:
    """Whether a free text holds a BSN somewhere among its words; a date such as 04-12-2026 is none."""
    written = [word for word in re.findall(r"\d[\d.\- ]{6,12}\d", text) if not _DATE.fullmatch(word)]
    # A house number before it would hide the nine digits in a longer word.
    bare: list[str] = re.findall(r"(?<!\d)\d{9}(?!\d)", text)
    return any(looks_like_bsn(word) for word in (*written, *bare))


_DATE = re.compile(r"\d{1,2}[-.]\d{1,2}[-.]\d{4}|\d{4}-\d{1,2}-\d{1,2}")


_LENGTHS: tuple[tuple[str, int], ...] = (
    ("bron", 40),
    ("extern_id", 100),
    ("onderwerp", 200),
    ("locatie_naam", 150),
    ("locatie_adres", 200),
    ("locatie_ruimte", 50),
)


def check(gegevens: Afspraakgegevens, *, now: datetime, teams: Collection[str]) -> tuple[Veldfout, ...]:
    """Everything that is wrong with an appointment, all fields at once; empty when it can be planned."""
    return (
        *_check_texts(gegevens),
        *_check_moments(gegevens, now=now),
        *_check_choices(gegevens, teams=teams),
        *_check_people(gegevens),
    )


def _check_texts(gegevens: Afspraakgegevens) -> list[Veldfout]:
    fouten = []
    for veld, maximum in _LENGTHS:
        value: str = getattr(gegevens, veld)
        if len(value) > maximum:
            fouten.append(_too_long(veld, len(value), maximum))
        if _has_control(value):
            fouten.append(_control(veld))
    for veld in ("bron", "extern_id", "onderwerp"):
        if not getattr(gegevens, veld).strip():
            fouten.append(Veldfout(veld=veld, code="leeg", melding="Dit veld is leeg. Vul het in."))
    if looks_like_bsn(gegevens.extern_id):
        fouten.append(_bsn("extern_id"))
    if contains_bsn(gegevens.onderwerp):
        fouten.append(_bsn("onderwerp"))
    return fouten


def _check_moments(gegevens: Afspraakgegevens, *, now: datetime) -> list[Veldfout]:
    fouten = []
    duration = gegevens.eind_op - gegevens.start_op
    if duration <= timedelta(0):
        fouten.append(
            Veldfout(
                veld="eind_op",
                code="einde_voor_begin",
                melding="Het einde ligt niet na het begin. Geef een later einde op.",
            )
        )
    elif duration > MAX_DUUR:
        fouten.append(
            Veldfout(
                veld="eind_op",
                code="te_lang",
                melding="De afspraak duurt langer dan 12 uur. Controleer begin en einde.",
            )
        )
    earliest = now - INLOOP_SPELING if gegevens.inloop else now
    if gegevens.start_op <= earliest and not gegevens.geannuleerd:
        fouten.append(
            Veldfout(
                veld="start_op",
                code="voorbij",
                melding="Het begin ligt in het verleden. Geef een tijd op die nog komt.",
            )
        )
    if gegevens.start_op > now + MAX_VOORUIT:
        fouten.append(
            Veldfout(
                veld="start_op",
                code="te_ver",
                melding="Het begin ligt meer dan 2 jaar vooruit. Controleer het jaartal.",
            )
        )
    return fouten


def _check_choices(gegevens: Afspraakgegevens, *, teams: Collection[str]) -> list[Veldfout]:
    fouten = []
    if gegevens.team not in teams:
        known = ", ".join(sorted(teams)) or "geen"
        fouten.append(
            Veldfout(
                veld="team",
                code="onbekend_team",
                melding=f"Team '{gegevens.team[:40]}' bestaat niet. Teams die u kunt gebruiken: {known}.",
            )
        )
    if gegevens.vorm not in VORMEN:
        fouten.append(
            Veldfout(
                veld="vorm",
                code="onbekende_vorm",
                melding=f"Kies een van deze vormen: {', '.join(VORMEN)}.",
            )
        )
    if gegevens.client.taal not in TALEN:
        fouten.append(
            Veldfout(
                veld="client.taal",
                code="onbekende_taal",
                melding=f"Deze taal kennen we niet. Kies een van: {', '.join(TALEN)}.",
            )
        )
    via = gegevens.client.bereikbaar_via
    if via is not None and not via <= {"sms", "email"}:
        fouten.append(
            Veldfout(
                veld="client.bereikbaar_via",
                code="onbekend_kanaal",
                melding="Gebruik alleen: sms, email.",
            )
        )
    return fouten


def _check_people(gegevens: Afspraakgegevens) -> list[Veldfout]:
    fouten = []
    people = [("client", gegevens.client.naam, gegevens.client.extern_id, 150)]
    if gegevens.medewerker is not None:
        people.append(("medewerker", gegevens.medewerker.naam, gegevens.medewerker.extern_id, 100))
    for wie, naam, extern_id, maximum in people:
        if not naam.strip():
            fouten.append(Veldfout(veld=f"{wie}.naam", code="leeg", melding="De naam is leeg. Vul de naam in."))
        if len(naam) > maximum:
            fouten.append(_too_long(f"{wie}.naam", len(naam), maximum))
        if _has_control(naam):
            fouten.append(_control(f"{wie}.naam"))
        if contains_bsn(naam):
            fouten.append(_bsn(f"{wie}.naam"))
        if looks_like_bsn(extern_id):
            fouten.append(_bsn(f"{wie}.extern_id"))
        if len(extern_id) > 100:
            fouten.append(_too_long(f"{wie}.extern_id", len(extern_id), 100))
    return fouten


def _has_control(text: str) -> bool:
    return any(ord(char) < 32 or ord(char) == 127 or char in "\u2028\u2029" for char in text)


def _too_long(veld: str, length: int, maximum: int) -> Veldfout:
    return Veldfout(
        veld=veld,
        code="te_lang",
        melding=f"De tekst is {length} tekens. Maak hem korter: maximaal {maximum} tekens.",
    )


def _control(veld: str) -> Veldfout:
    return Veldfout(
        veld=veld,
        code="stuurteken",
        melding="Hier staat een regeleinde of stuurteken in. Haal het weg; gebruik alleen gewone tekst.",
    )


def _bsn(veld: str) -> Veldfout:
    return Veldfout(
        veld=veld,
        code="lijkt_op_bsn",
        melding="Dit lijkt op een burgerservicenummer. Dat bewaren we niet. "
        "Gebruik een ander nummer of een andere tekst.",
    )
