"""A client answers a mail of ours by mail: a person reads it.

A mail is free text of any length; what it says about recording is for a person to understand and to record
as a spoken answer. The sender's address proves nothing, so nothing is changed by itself.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afspraken.domain.lifecycle import OPEN_STATES
from afspraken.flow import log
from afspraken.models import Afspraak, Werkpunt, WerkpuntSoort
from notifications import api as post
from notifications.fields import blind_index

_REDEN = "De cliënt stuurde een e-mail terug. Lees het bericht en neem contact op als dat nodig is."


def handle(*, inbound: post.InboundMail, now: datetime) -> None:
    """Put the mail on the worklist of the team it belongs to; the same mail once.

    Mail of machines (out of office) is left alone, and so is mail that belongs to no appointment of ours.
    """
    if inbound.automatic:
        return
    with transaction.atomic():
        afspraak = _afspraak_of(inbound, now)
        if afspraak is None:
            return
        _, made = Werkpunt.objects.get_or_create(
            sleutel=f"mail/{inbound.id}",
            defaults={
                "afspraak": afspraak,
                "team_id": afspraak.team_id,
                "soort": WerkpuntSoort.ONDUIDELIJK.value,
                "reden": _REDEN,
                "aangemaakt_op": now,
            },
        )
        if made:
            log.write(
                actie="mail.ontvangen",
                object_soort="afspraak",
                object_id=afspraak.pk,
                actor=log.CLIENT,
                now=now,
                team_id=afspraak.team_id,
            )


def text_for(*, werkpunt: Werkpunt) -> str:
    """The mail behind an entry on the worklist; empty when there is none, or not any more."""
    sort, _, number = werkpunt.sleutel.partition("/")
    if sort != "mail" or not number.isdigit():
        return ""
    found = post.inbound_mail(id=int(number))
    return f"{found.title}\n\n{found.text}".strip() if found is not None else ""


def _afspraak_of(inbound: post.InboundMail, now: datetime) -> Afspraak | None:
    """The appointment the answered mail was about, else the sender's next one, else their last one."""
    sort, _, number = inbound.message_subject.partition("/")
    if sort == "afspraak" and number.isdigit():
        found = Afspraak.objects.filter(pk=int(number)).first()
        if found is not None:
            return found
    index = blind_index(inbound.sender)
    own = Afspraak.objects.filter(client__email_index=index) if index else Afspraak.objects.none()
    coming = own.filter(status__in=[status.value for status in OPEN_STATES], start_op__gt=now)
    return coming.order_by("start_op").first() or own.order_by("-start_op").first()
