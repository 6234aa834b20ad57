"""Days and times in templates, in words."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from afspraken.domain import datums

register = template.Library()


@register.filter
def dag_tijd(moment: datetime | None, taal: str = "nl") -> str:
    """ "dinsdag 24 november 2026, 10.30 uur"."""
    return datums.dag_tijd(moment, taal) if moment is not None else ""


@register.filter
def dag(moment: date | datetime | None, taal: str = "nl") -> str:
    """ "dinsdag 24 november 2026"."""
    return datums.dag(moment, taal, jaar=True) if moment is not None else ""


@register.filter
def tijd(moment: datetime | None, taal: str = "nl") -> str:
    """ "10.30"."""
    return datums.tijd(moment, taal) if moment is not None else ""
