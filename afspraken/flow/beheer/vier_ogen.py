"""Four eyes: who wrote a text does not publish it, and what is published is what the second person saw."""

from __future__ import annotations

import hashlib

from django.conf import settings

from afspraken.flow.beheer.fouten import geweigerd


def zelf_publiceren_mag() -> bool:
    """Whether an author may publish their own text: only where the setting says that one person does all."""
    return not settings.FOUR_EYES


def check_tweede_persoon(*, eigen_werk: bool) -> None:
    """Refuse who publishes their own draft; raises :class:`BeheerGeweigerd`."""
    if eigen_werk and settings.FOUR_EYES:
        raise geweigerd(
            "",
            "vier_ogen",
            "U schreef dit concept zelf. Een collega bekijkt het en publiceert het.",
        )


def check_gezien(*, gezien: str, nu: str) -> None:
    """Refuse when the text changed after it was looked at; raises :class:`BeheerGeweigerd`."""
    if gezien != nu:
        raise geweigerd(
            "",
            "veranderd",
            "Dit concept is veranderd nadat u het opende. Bekijk het opnieuw. Er is niets gepubliceerd.",
        )


def kenmerk(*parts: str) -> str:
    """A short mark of a text, by which a form says which text was on the screen."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
