"""From a link to its appointment and back."""

from __future__ import annotations

from django.conf import settings

from afspraken.domain import links
from afspraken.models import Afspraak


def token_for(afspraak: Afspraak) -> str:
    """The token of an appointment, derived afresh: it is stored nowhere."""
    return links.derive_token(afspraak.sleutel, settings.LINK_KEY)


def url_for(afspraak: Afspraak) -> str:
    """The full address of the client's page."""
    return f"{settings.PUBLIC_URL}/v/{token_for(afspraak)}"


def afspraak_by_token(token: str) -> Afspraak | None:
    """The appointment a token opens, or None: malformed, unknown and purged are all the same."""
    if not links.is_token(token):
        return None
    return (
        Afspraak.objects.select_related("team", "client", "medewerker")
        .filter(link_hash=links.hash_token(token))
        .first()
    )
