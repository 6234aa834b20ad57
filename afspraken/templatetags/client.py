"""Texts of the client pages in templates, in the language of the page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from afspraken.web.client import tekst as teksten

register = template.Library()


@register.simple_tag(takes_context=True)
def tekst(context: Context, sleutel: str, **waarden: Any) -> str:
    """``{% tekst "klaar.titel" %}``: the text of that key; an unknown key raises. Escaped like a variable."""
    return teksten.tekst(sleutel, str(context["taal"]), **waarden)
