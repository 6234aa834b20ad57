"""Days and times in words, in Dutch and English, as clients and medewerkers read them."""

from __future__ import annotations

from datetime import date, datetime

from afspraken.domain.gegevens import AMSTERDAM

_DAGEN = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MAANDEN = {
    "nl": (
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


def _words(taal: str) -> str:
    return taal if taal in _DAGEN else "nl"


def local_date(moment: datetime) -> date:
    """The day of a moment in Europe/Amsterdam."""
    return moment.astimezone(AMSTERDAM).date()


def dag(value: date | datetime, taal: str = "nl", *, jaar: bool = False) -> str:
    """ "donderdag 3 december", with ``jaar`` "donderdag 3 december 2026"; English: "Thursday 3 December"."""
    day = local_date(value) if isinstance(value, datetime) else value
    lang = _words(taal)
    text = f"{_DAGEN[lang][day.weekday()]} {day.day} {_MAANDEN[lang][day.month - 1]}"
    return f"{text} {day.year}" if jaar else text


def tijd(moment: datetime, taal: str = "nl") -> str:
    """The clock in Europe/Amsterdam, as people write it: "9.30" in Dutch, "9:30" in English."""
    local = moment.astimezone(AMSTERDAM)
    return f"{local.hour}:{local.minute:02d}" if _words(taal) == "en" else f"{local.hour}.{local.minute:02d}"


def dag_tijd(moment: datetime, taal: str = "nl") -> str:
    """ "dinsdag 24 november 2026, 10.30 uur"; English: "Tuesday 24 November 2026, 10:30"."""
    suffix = "" if _words(taal) == "en" else " uur"
    return f"{dag(moment, taal, jaar=True)}, {tijd(moment, taal)}{suffix}"


_KORT = {
    "nl": (
        ("ma", "di", "wo", "do", "vr", "za", "zo"),
        ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    ),
    "en": (
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    ),
}


def kort(moment: datetime, taal: str = "nl") -> str:
    """ "do 3 dec 10.00", for lists in an SMS."""
    dagen, maanden = _KORT[_words(taal)]
    day = local_date(moment)
    return f"{dagen[day.weekday()]} {day.day} {maanden[day.month - 1]} {tijd(moment, taal)}"
