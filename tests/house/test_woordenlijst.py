"""A Dutch word enters the code only through docs/woordenlijst.md.

Looked at are the names that outlive a refactoring: models, their fields, and the members of enumerations.
A part of such a name is either in the list, or one of the English and plumbing words below.
"""

import ast
import re
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from project.env import BASE_DIR

LISTED = set(re.findall(r"[a-z0-9]+", (BASE_DIR / "docs" / "woordenlijst.md").read_text(encoding="utf-8").lower()))
# Plumbing that Django or English brings, and prepositions; a Dutch noun or verb does not belong here.
PLUMBING = frozenset(
    "id pk uuid hash sha256 url ip json api prefix user password last login first name email groups permissions"
    " is staff superuser active joined date username index key version status scope scopes sms web pdf ics"
    " invited answered withdrawn signed finished not shown cancelled planned again event"
    " op van voor tot aan door in uit met na bij en of".split()
)
ENUMS = {"TextChoices", "StrEnum", "IntegerChoices", "Enum"}


def parts(name: str) -> list[str]:
    """Uitgenodigd_op -> uitgenodigd, op; SpelregelsVersie -> spelregels, versie."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return [part for part in spaced.lower().split("_") if part and not part.isdigit()]


def model_names() -> Iterator[tuple[str, str]]:
    for model in apps.get_app_config("afspraken").get_models():
        yield model.__name__, model.__name__
        for field in model._meta.get_fields():
            if isinstance(field, models.Field) and field.model is model:
                yield f"{model.__name__}.{field.name}", field.name


def enum_names() -> Iterator[tuple[str, str]]:
    """Class names and members of every enumeration in afspraken, read from the source."""
    for path in sorted((BASE_DIR / "afspraken").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ClassDef):
                continue
            bases = {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases}
            if not bases & ENUMS:
                continue
            yield node.name, node.name
            for statement in node.body:
                if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                    yield f"{node.name}.{statement.targets[0].id}", statement.targets[0].id


def test_every_word_in_a_name_is_listed() -> None:
    unknown: dict[str, str] = {}
    for where, name in [*model_names(), *enum_names()]:
        for part in parts(name):
            if part not in LISTED and part not in PLUMBING:
                unknown.setdefault(part, where)
    assert not unknown, "not in docs/woordenlijst.md:\n" + "\n".join(f"{w}: {where}" for w, where in unknown.items())


def test_no_diacritics_in_code_names() -> None:
    odd = [where for where, name in [*model_names(), *enum_names()] if not name.isascii()]
    assert odd == []
