"""What stands in a message at the moment it is sent.

The post room asks for it after it has claimed a message and right before it notes the attempt, so a text
is never older than the last committed change, and neither text nor link has to be stored.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from django.conf import settings
from django.utils import timezone

from afspraken.domain import datums
from afspraken.domain.lifecycle import OPEN_STATES, Status
from afspraken.flow.berichten.agenda import make_ics
from afspraken.flow.berichten.appointment_values import (
    WITH_SHEET,
    AppointmentValues,
    hulp,
    link_for,
    wording_language,
)
from afspraken.flow.berichten.lezing import Lezing
from afspraken.models import Afspraak, Formulier, FormulierStatus, SmsGesprek, Voornemen
from notifications import api as post


def huidig_voornemen(afspraak_id: int) -> Voornemen | None:
    """The answer that counts: the newest one."""
    return Voornemen.objects.filter(afspraak_id=afspraak_id).order_by("-volgnummer").first()


def context(subject: str, kind: str, generation: int) -> post.Rendering | None:
    """The values of one message; None when it is superseded and must not be sent."""
    return contexts([post.Asked(subject=subject, kind=kind, generation=generation)])[0]


def contexts(asked: Sequence[post.Asked]) -> list[post.Rendering | None]:
    """The values of a group of messages, in order; as many queries for all as for one."""
    lezing = Lezing([number for sort, number in map(_subject, asked) if sort == "afspraak"])
    return [_context(each, lezing) for each in asked]


def _subject(asked: post.Asked) -> tuple[str, int]:
    sort, _, number = asked.subject.partition("/")
    return (sort, int(number)) if number.isdigit() else ("", 0)


def _context(asked: post.Asked, lezing: Lezing) -> post.Rendering | None:
    sort, number = _subject(asked)
    if sort == "gesprek":
        return _gesprek_context(number, asked.kind)
    afspraak = lezing.afspraken.get(number) if sort == "afspraak" else None
    if afspraak is None or not _still_true(afspraak, asked, lezing):
        return None
    return _afspraak_context(afspraak, asked, lezing)


_OPEN = frozenset(OPEN_STATES)
_Check = Callable[[Afspraak, int, Lezing], bool]


def _current_and(states: Collection[Status]) -> _Check:
    return lambda afspraak, generation, _: generation == afspraak.generatie and afspraak.staat in states


def _always(_afspraak: Afspraak, _generation: int, _lezing: Lezing) -> bool:
    return True


def _is_newest_answer(afspraak: Afspraak, generation: int, lezing: Lezing) -> bool:
    newest = lezing.voornemen(afspraak.pk)
    return afspraak.staat in _OPEN and newest is not None and newest.volgnummer == generation


def _form_counts(afspraak: Afspraak, generation: int, _lezing: Lezing) -> bool:
    counting = Formulier.objects.exclude(status=FormulierStatus.VERVALLEN.value)
    return counting.filter(afspraak=afspraak, versie=generation).exists()


# When a message of this kind is still true; any other is not sent.
_CHECKS: dict[str, _Check] = {
    "uitnodiging": _current_and({Status.GEPLAND, Status.UITGENODIGD}),
    "herinnering": _current_and({Status.UITGENODIGD}),
    "verplaatst": _current_and(_OPEN),
    "andere_medewerker": _current_and(_OPEN),
    "geannuleerd": _current_and({Status.GEANNULEERD}),
    "ontvangstbevestiging": _is_newest_answer,
    "kopie_formulier": _form_counts,
    "onduidelijk": lambda afspraak, _generation, _lezing: afspraak.staat in _OPEN,
    # An answer to something the client just asked; the state of the appointment does not matter.
    **dict.fromkeys(("regels", "hulp", "gestopt", "weer_aan", "geen_afspraak", "niet_meer", "doorgegeven"), _always),
}


def _still_true(afspraak: Afspraak, asked: post.Asked, lezing: Lezing) -> bool:
    check = _CHECKS.get(asked.kind)
    return check is not None and check(afspraak, asked.generation, lezing)


def _afspraak_context(afspraak: Afspraak, asked: post.Asked, lezing: Lezing) -> post.Rendering:
    values = AppointmentValues(afspraak, kind=asked.kind, lezing=lezing)
    files = _attachments(afspraak, asked.kind, values.taal) if asked.files else ()
    return post.Rendering(values=values, attachments=files)


def _attachments(afspraak: Afspraak, kind: str, taal: str) -> tuple[post.Attachment, ...]:
    if kind in ("uitnodiging", "verplaatst", "geannuleerd"):
        content = make_ics(afspraak=afspraak, taal=taal, link=link_for(afspraak), now=timezone.now())
        name = "afspraak.ics" if taal == "nl" else "appointment.ics"
        return (post.Attachment(filename=name, content_type="text/calendar", content=content),)
    if kind == "kopie_formulier":
        formulier = (
            Formulier.objects.filter(afspraak=afspraak, pdf__isnull=False)
            .exclude(status=FormulierStatus.VERVALLEN.value)
            .order_by("-versie")
            .first()
        )
        if formulier is not None and formulier.pdf is not None:
            name = "formulier.pdf" if taal == "nl" else "form.pdf"
            return (post.Attachment(filename=name, content_type="application/pdf", content=bytes(formulier.pdf)),)
    return ()


def _gesprek_context(gesprek_id: int, kind: str) -> post.Rendering | None:
    """The values of a reply to a phone that can't be tied to one appointment."""
    gesprek = SmsGesprek.objects.filter(pk=gesprek_id).first()
    if gesprek is None:
        return None
    ids = [int(pk) for pk in gesprek.keuzes]
    found = {a.pk: a for a in Afspraak.objects.select_related("team", "client").filter(pk__in=ids)}
    options = [found[pk] for pk in ids if pk in found]
    if kind == "welke_afspraak" and not options:
        return None
    team = options[0].team if options else None
    taal = wording_language(options[0].client.taal) if options else "nl"
    values = {
        "gemeente": settings.GEMEENTE_NAAM,
        "hulp": hulp(team, taal),
        # Days and times only: a shared phone shows no one else's name.
        "keuzes": ", ".join(f"{n}: {datums.kort(a.start_op, taal)}" for n, a in enumerate(options, start=1)),
        **(Lezing([]).blad(team.pk if team else None, taal) if kind in WITH_SHEET else {}),
    }
    return post.Rendering(values=values)
