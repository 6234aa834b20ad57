"""Writes the description of the API to docs/openapi.json, or says that the file is behind."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from afspraken.api.description import as_text

FILE = Path(__file__).resolve().parents[3] / "docs" / "openapi.json"


class Command(BaseCommand):
    help = "Schrijf docs/openapi.json; met --check alleen vergelijken (afsluitcode 1 bij verschil)."
    # The description is made from code alone; no database is needed.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="schrijf niets; faal als het bestand achterloopt")

    def handle(self, *args: Any, **options: Any) -> None:
        text = as_text()
        current = FILE.read_text(encoding="utf-8") if FILE.is_file() else ""
        if current == text:
            self.stdout.write("docs/openapi.json is bij.")
            return
        if options["check"]:
            raise CommandError("docs/openapi.json loopt achter op de code. Draai: manage.py openapi")
        FILE.write_text(text, encoding="utf-8")
        self.stdout.write("docs/openapi.json geschreven.")
