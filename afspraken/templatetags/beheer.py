"""What pages of /beheer/ show: whether sending is stopped, a number to dial, and large numbers."""

from __future__ import annotations

from django import template

from afspraken.flow import beheer
from notifications import api as post

register = template.Library()


@register.filter
def telefoon(nummer: str) -> str:
    """A Dutch number as people dial it: "06 12345678"; another country's as it is."""
    return f"0{nummer[3]} {nummer[4:]}" if nummer.startswith("+31") and len(nummer) > 4 else nummer


@register.filter
def punten(getal: int) -> str:
    """A large number as people write it: "10.000"."""
    return beheer.punten(getal)


@register.simple_tag
def gepauzeerd() -> post.SendingPaused | None:
    """Who stopped all sending and since when; None when sending goes on."""
    return post.sending_paused()
