"""One cell, read: dates, times and numbers in the styles that exports of planning systems have.

Pure functions. A cell that can't be read raises :class:`Celfout` with what is wrong and how to mend it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from afspraken.domain.gegevens import TALEN, VORMEN, contains_bsn, looks_like_bsn, normalise_taal
from afspraken.domain.tekst import INVISIBLE
from afspraken.sources.base import MAX_CEL
from notifications import api as post

DUUR_MIN, DUUR_MAX = 5, 720

# Our own error file puts an apostrophe before what a spreadsheet would run as a formula.
_DEFUSED = re.compile(r"'(?=[=+\-@\t\r])")
_DATE = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})(?: 0?0[:.]00(?:[:.]00)?)?")
_DATE_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_DATE_SHORT_YEAR = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}")
_TIME = re.compile(r"([0-9]{1,2})[.:,u]([0-9]{2})(?:[.:]00)?(?: ?(?:uur|u|h)\.?)?")
_HOUR = re.compile(r"([0-9]{1,2}) ?(?:uur|u)\.?")
_SERIAL = re.compile(r"[0-9]{5}(?:\.0+)?")
# Six decimals or more: "0.30" is half past midnight.
_FRACTION = re.compile(r"0?\.[0-9]{6,20}")
_MINUTES = re.compile(r"([0-9]{1,5})(?:[.,]0+)?(?: ?(?:min|minuten|m)\.?)?")
_ROUNDED = re.compile(r"[0-9]+[.,][0-9]+[eE]\+?[0-9]+")
_MOJIBAKE = re.compile(r"[ÃÂÅÄ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")

_STATUS = {
    "": False,
    "gepland": False,
    "bevestigd": False,
    "geannuleerd": True,
    "afgezegd": True,
    "vervallen": True,
}
_VORM_WOORDEN = {
    "huisbezoek": "huisbezoek",
    "bij client thuis": "huisbezoek",
    "telefoon": "telefoon",
    "telefonisch": "telefoon",
    "beeldbellen": "beeldbellen",
    "videobellen": "beeldbellen",
    "balie": "balie",
}


class Celfout(Exception):
    """A cell that can't be used; ``melding`` is Dutch and says what to do."""

    def __init__(self, code: str, melding: str) -> None:
        super().__init__(code)
        self.code = code
        self.melding = melding


def clean(text: str) -> str:
    """A cell without spaces around it, with single spaces inside, and without characters nobody sees."""
    if len(text) > MAX_CEL:
        text = text[: MAX_CEL + 1]
    return " ".join(_DEFUSED.sub("", text.lstrip(" "), count=1).translate(INVISIBLE).split())


def refuse_bsn(text: str) -> None:
    """Raise when a text holds something that looks like a BSN; the text is not repeated."""
    if contains_bsn(text):
        raise Celfout(
            "lijkt_op_bsn",
            "Hier lijkt een burgerservicenummer te staan. Dat lezen en bewaren we niet. Haal het weg.",
        )


def read_number(text: str) -> str:
    """The number of the appointment in its source. A spreadsheet's "4632.0" is 4632."""
    if not text:
        raise Celfout("leeg", "Het afspraaknummer is leeg. Vul het nummer uit uw planning in.")
    number = re.sub(r"\A([0-9]{1,15})\.0+\Z", r"\1", text)
    if looks_like_bsn(number):
        raise Celfout(
            "lijkt_op_bsn",
            "Dit lijkt op een burgerservicenummer. Dat lezen en bewaren we niet. "
            "Gebruik het nummer van de afspraak uit uw planning.",
        )
    return number


def read_date(text: str) -> date:
    """04-12-2026, 4/12/2026, 04.12.2026, 2026-12-04, or the day number of a spreadsheet."""
    if not text:
        raise Celfout("leeg", "De datum is leeg. Schrijf hem zo: 04-12-2026.")
    if _SERIAL.fullmatch(text) and 36526 <= float(text) < 73051:
        return date(1899, 12, 30) + timedelta(days=int(float(text)))
    if found := _DATE.fullmatch(text):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
    elif found := _DATE_ISO.fullmatch(text):
        day, month, year = int(found[3]), int(found[2]), int(found[1])
    elif _DATE_SHORT_YEAR.fullmatch(text):
        raise Celfout("jaar_te_kort", "Schrijf het jaar met vier cijfers, zoals 04-12-2026.")
    else:
        raise Celfout("geen_datum", "Dit is geen datum die we kennen. Schrijf hem zo: 04-12-2026.")
    try:
        return date(year, month, day)
    except ValueError:
        if month > 12 >= day:
            raise Celfout(
                "maand_bestaat_niet", f"Maand {month} bestaat niet. Schrijf eerst de dag en dan de maand: 04-12-2026."
            ) from None
        raise Celfout("datum_bestaat_niet", "Deze datum bestaat niet. Controleer dag, maand en jaar.") from None


def read_time(text: str) -> time:
    """13.15 uur, 8.30 uur, 09:15, 9u15, 9 uur, or the fraction of a day of a spreadsheet."""
    if not text:
        raise Celfout("leeg", "De begintijd is leeg. Schrijf hem zo: 13.15 uur.")
    folded = text.casefold()
    if _FRACTION.fullmatch(folded):
        minutes = round(float(folded) * 24 * 60)
        if minutes < 24 * 60:
            return time(minutes // 60, minutes % 60)
    if found := _TIME.fullmatch(folded):
        hour, minute = int(found[1]), int(found[2])
    elif found := _HOUR.fullmatch(folded):
        hour, minute = int(found[1]), 0
    else:
        raise Celfout("geen_tijd", "Dit is geen tijd die we kennen. Schrijf hem zo: 13.15 uur of 13:15.")
    if hour > 23 or minute > 59:
        raise Celfout("tijd_bestaat_niet", "Deze tijd bestaat niet. Een dag loopt van 0.00 tot en met 23.59 uur.")
    return time(hour, minute)


def read_duration(text: str) -> timedelta:
    """Whole minutes, 5 to 720: "45", "45 min", "45.0"."""
    if not text:
        raise Celfout("leeg", "De duur is leeg. Vul in hoeveel minuten de afspraak duurt, zoals 45.")
    found = _MINUTES.fullmatch(text.casefold())
    if not found:
        raise Celfout("geen_duur", "Dit is geen duur in minuten. Vul een heel getal in, zoals 45.")
    minutes = int(found[1])
    if not DUUR_MIN <= minutes <= DUUR_MAX:
        raise Celfout("duur_kan_niet", f"De duur moet tussen {DUUR_MIN} en {DUUR_MAX} minuten zijn.")
    return timedelta(minutes=minutes)


def read_mobile(text: str) -> str:
    """E.164, or empty. A number that lost its leading zero in a spreadsheet is understood."""
    if not text:
        return ""
    if _ROUNDED.fullmatch(text):
        raise Celfout(
            "nummer_afgerond",
            "Het programma heeft dit nummer afgerond. Maak van de kolom tekst en vul het hele nummer in.",
        )
    number = re.sub(r"\A([0-9]{6,15})\.0+\Z", r"\1", text)
    try:
        return post.normalise_mobile(number)
    except post.AddressProblem as problem:
        raise Celfout(problem.code, problem.message) from None


def read_email(text: str) -> str:
    """The address in one form, or empty."""
    if not text:
        return ""
    if looks_like_bsn(text.partition("@")[0]):
        refuse_bsn(text)
    try:
        return post.normalise_email(text)
    except post.AddressProblem as problem:
        raise Celfout(problem.code, problem.message) from None


def read_language(text: str) -> str:
    """The BCP 47 code; empty is Dutch."""
    try:
        return normalise_taal(text)
    except ValueError:
        known = ", ".join(naam for naam in TALEN.values())
        raise Celfout("onbekende_taal", f"Deze taal kennen we niet. Kies een van: {known}.") from None


def read_status(text: str) -> bool:
    """Whether the appointment is cancelled."""
    try:
        return _STATUS[text.casefold()]
    except KeyError:
        raise Celfout("onbekende_status", "Deze status kennen we niet. Schrijf gepland of geannuleerd.") from None


def read_vorm(text: str) -> str:
    """The form of the conversation; empty says nothing."""
    if not text:
        return ""
    try:
        return _VORM_WOORDEN[_plain(text)]
    except KeyError:
        raise Celfout("onbekende_vorm", f"Deze vorm kennen we niet. Kies een van: {', '.join(VORMEN)}.") from None


def vorm_in_locatie(text: str) -> str:
    """ "Huisbezoek" in the column of the place says how the conversation is held, not where; else empty."""
    return _VORM_WOORDEN.get(_plain(text), "")


def read_version(text: str) -> int | None:
    """A whole number, or nothing."""
    if not text:
        return None
    found = re.fullmatch(r"([0-9]{1,15})(?:\.0+)?", text)
    if not found:
        raise Celfout("geen_getal", "De versie is geen heel getal. Vul een getal in of laat de cel leeg.")
    return int(found[1])


def lost_letter(text: str) -> bool:
    """Whether a name went through an export that does not know all letters."""
    return "?" in text or "\ufffd" in text or bool(_MOJIBAKE.search(text))


def moment(day: date, clock: time) -> datetime:
    """Day and time as they stand on the clock in Amsterdam, without zone."""
    return datetime.combine(day, clock)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold().strip()
