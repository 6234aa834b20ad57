"""`manage.py lifecycle_docs`: draw docs/lifecycle.md, or with --check say whether it is current."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from project.lifecycle_docs import TARGET, document


class Command(BaseCommand):
    help = "Draw docs/lifecycle.md from the transition tables."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare; exit 1 when it is not current")

    def handle(self, *_args: Any, **options: Any) -> None:
        drawn = document()
        if not options["check"]:
            TARGET.write_text(drawn, encoding="utf-8")
        elif not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != drawn:
            raise CommandError("docs/lifecycle.md is not current; run: python manage.py lifecycle_docs")
