"""Work by the clock, and what follows from news of the post room. Each function may run twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from afspraken.domain import spelregels
from afspraken.domain.lifecycle import OPEN_STATES, Event, Status, next_status
from afspraken.flow import berichten, log, mail_reply, sms_reply
from afspraken.flow import invite as invitations
from afspraken.flow import remind as reminders
from afspraken.models import (
    Afspraak,
    Importconcept,
    SpelregelsStatus,
    SpelregelsVersie,
    SpelregelsVertaling,
)
from notifications import api as post

_DATA = Path(__file__).parent / "data"
# A conversation may run over; the day list must not close it under the medewerker's hands.
_FINISH_AFTER = timedelta(hours=12)


def invite() -> int:
    """Invite who is due now; how many."""
    return invitations.run(now=timezone.now())


def remind() -> int:
    """Remind who has not answered and is due; how many."""
    return reminders.run(now=timezone.now())


def finish() -> int:
    """Close appointments that are over: without a signature that is a normal end. How many."""
    now = timezone.now()
    over = Afspraak.objects.filter(status__in=[s.value for s in OPEN_STATES], eind_op__lt=now - _FINISH_AFTER)
    done = 0
    for pk in over.values_list("pk", flat=True):
        with transaction.atomic():
            afspraak = Afspraak.objects.select_for_update().get(pk=pk)
            if afspraak.staat not in OPEN_STATES:
                continue
            afspraak.status = next_status(afspraak.staat, Event.FINISHED).value
            afspraak.gewijzigd_op = now
            afspraak.save(update_fields=("status", "gewijzigd_op"))
            log.write(
                actie="afspraak.afgerond",
                object_soort="afspraak",
                object_id=pk,
                actor=log.SYSTEEM,
                now=now,
                team_id=afspraak.team_id,
            )
            done += 1
    return done


def tidy() -> int:
    """Delete uploads that were not confirmed within their hour; how many."""
    deleted, _ = Importconcept.objects.filter(verloopt_op__lt=timezone.now()).delete()
    return deleted


def on_sms_received(sender: object, inbound: post.InboundText, **kwargs: Any) -> None:
    """A text of a client: hand it to the conversation."""
    sms_reply.handle(inbound=inbound, now=timezone.now())


def on_email_received(sender: object, inbound: post.InboundMail, **kwargs: Any) -> None:
    """A client answered a mail by mail: a person reads it."""
    mail_reply.handle(inbound=inbound, now=timezone.now())


def on_delivery_changed(sender: object, change: post.DeliveryChange, **kwargs: Any) -> None:
    """A message that reached nobody on any channel: someone has to call or write before the meeting."""
    sort, _, number = change.subject.partition("/")
    if not change.exhausted or sort != "afspraak" or not number.isdigit():
        return
    if change.kind in berichten.ANSWERS or change.kind == "kopie_formulier":
        return
    now = timezone.now()
    with transaction.atomic():
        afspraak = Afspraak.objects.select_related("client").filter(pk=int(number)).first()
        if afspraak is None or afspraak.start_op <= now or afspraak.staat is Status.ONDERTEKEND:
            return
        if change.status is post.Status.ACCEPTED and afspraak.staat is Status.BEANTWOORD:
            # No receipt came, but an answer did: the message was read.
            return
        berichten.meld_onbereikbaar(afspraak=afspraak, now=now, reden=change.reason_text)


def ship_spelregels(**kwargs: Any) -> None:
    """After migrate: the rules sheet that ships is version 1 for all, published. An existing sheet stays."""
    if SpelregelsVersie.objects.exists():
        return
    tekst = _read("spelregels-1-nl.txt")
    now = timezone.now()
    with transaction.atomic():
        versie = SpelregelsVersie.objects.create(
            nummer=1,
            status=SpelregelsStatus.GEPUBLICEERD.value,
            tekst=tekst,
            vingerafdruk=spelregels.fingerprint(tekst),
            aangemaakt_op=now,
            gepubliceerd_op=now,
        )
        SpelregelsVertaling.objects.create(versie=versie, taal="nl", kort=_read("spelregels-1-nl-kort.txt"))
        SpelregelsVertaling.objects.create(
            versie=versie,
            taal="en",
            tekst=_read("spelregels-1-en.txt"),
            kort=_read("spelregels-1-en-kort.txt"),
        )


def _read(name: str) -> str:
    return (_DATA / name).read_text(encoding="utf-8").strip("\n")
