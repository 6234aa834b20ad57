"""A file to import: the sample that ships, with days that still have to come and the teams of the demo."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from afspraken.management.demo import days

SOURCE = Path(__file__).resolve().parents[2] / "data" / "voorbeeld-afspraken.csv"
_DAY = re.compile(r"\b(\d{2})([-/])(\d{2})\2(\d{4})\b")
# The sample comes from a municipality with four teams.
_TEAMS = {";jeugd;": ";wmo;", ";burgerzaken;": ";werk-en-inkomen;"}


def target() -> Path:
    """Where the file stands that can be imported."""
    return Path(settings.VAR_DIR) / "demo" / "afspraken-demo.csv"


def shifted(text: str, week: list[date]) -> str:
    """The text with its days, from the first to the last, on the days of ``week``; notation stays as it was."""
    found = sorted({_as_date(match) for match in _DAY.finditer(text)})
    new = dict(zip(found, week, strict=False))

    def replace(match: re.Match[str]) -> str:
        day, mark = new.get(_as_date(match), _as_date(match)), match[2]
        return f"{day:%d}{mark}{day:%m}{mark}{day:%Y}"

    for old, team in _TEAMS.items():
        text = text.replace(old, team)
    return _DAY.sub(replace, text)


def _as_date(match: re.Match[str]) -> date:
    return date(int(match[4]), int(match[3]), int(match[1]))


def write(now: datetime) -> Path:
    """Write the file for next week, in the encoding it came in (cp1252); returns where it is."""
    file = target()
    # Latin-1 takes every byte and gives it back: what a spreadsheet broke stays broken.
    made = shifted(SOURCE.read_bytes().decode("latin-1"), days.next_week(now)).encode("latin-1")
    if not file.is_file() or file.read_bytes() != made:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(made)
    return file
