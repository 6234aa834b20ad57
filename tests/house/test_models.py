"""Small things that every model has."""

from enum import Enum

from django.apps import apps
from django.db import models

OWN = [model for label in ("afspraken", "notifications") for model in apps.get_app_config(label).get_models()]


def test_there_are_models() -> None:
    assert len(OWN) > 10


def test_every_model_says_its_plural() -> None:
    """Django would add an s: "afspraaks"."""
    silent = [model.__name__ for model in OWN if "verbose_name_plural" not in model._meta.original_attrs]
    assert silent == []


def test_no_default_is_an_enum_member() -> None:
    """A bare member freezes the path of its module in a migration; its value does not."""
    frozen = [
        f"{model.__name__}.{field.name}"
        for model in OWN
        for field in model._meta.get_fields()
        if isinstance(field, models.Field) and isinstance(field.default, Enum)
    ]
    assert frozen == []
