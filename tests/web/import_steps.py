"""Steps through the import page, for its tests."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from afspraken.models import Importconcept, Rol
from tests.builders import maak_gebruiker
from tests.sources.files import TEAMS, csv_of, row

PAGE = "/beheer/import"


def browser_of(name: str = "coordinator1", *, rol: Rol = Rol.COORDINATOR, teams: tuple[str, ...] = tuple(TEAMS)) -> Any:
    maak_gebruiker(name, rol=rol, teams=teams)
    mine = Browser()
    assert mine.login(username=name, password="een lang wachtwoord")
    return mine


def upload(browser: Any, data: bytes, *, name: str = "week.csv", follow: bool = True, **more: Any) -> Any:
    return browser.post(PAGE, {"bestand": SimpleUploadedFile(name, data), **more}, follow=follow)


def text_of(answer: Any) -> str:
    """What a reader sees, on one line."""
    body = answer.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", body[body.index("<main") :]).split())


def waiting() -> Importconcept:
    """The upload that was not confirmed yet, else the only one."""
    open_ones = Importconcept.objects.filter(begonnen_op=None)
    return open_ones.get() if open_ones.exists() else Importconcept.objects.get()


def confirm(mine: Any, row_: Importconcept, **values: Any) -> Any:
    return mine.post(f"{PAGE}/{row_.pk}/verwerken", {"aantal": row_.aantal, **values}, follow=True)


def wrong_file() -> bytes:
    rows = [row(Afspraaknummer=str(n), Team="sport" if n < 45 else "wmo") for n in range(50)]
    rows[47]["Mobiel"] = "010-1234567"
    rows[47]["Datum"] = "31-11-2026"
    return csv_of(*rows)
