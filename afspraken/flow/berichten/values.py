"""What stands in a message at the moment it is sent.

The post room asks for it after it has claimed a message and right before it notes the attempt, so a text
is never older than the last committed change, and neither text nor link has to be stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils import timezone

from afspraken.domain import datums, links
from afspraken.domain.lifecycle import OPEN_STATES, Status
from afspraken.domain.voornemen import (
    DOEL_WOORD,
    Antwoord,
    Doel,
    describe_soorten,
    given_for_old_time,
)
from afspraken.flow.berichten.agenda import make_ics, plaats
from afspraken.flow.berichten.lezing import Lezing
from afspraken.models import (
    Afspraak,
    Formulier,
    FormulierStatus,
    SmsGesprek,
    Team,
    Voornemen,
)
from notifications import api as post

WORDING_LANGUAGES = ("nl", "en")
# The sheet is read only where a message may hold it.
_WITH_SHEET = frozenset({"uitnodiging", "herinnering", "regels"})

_ANTWOORD = {
    "nl": {
        Antwoord.JA: "u wilt opnemen",
        Antwoord.NEE: "u neemt niet op",
        Antwoord.WEET_NIET: "u weet nog niet of u wilt opnemen",
        Antwoord.INGETROKKEN: "u heeft uw antwoord ingetrokken",
    },
    "en": {
        Antwoord.JA: "you want to record",
        Antwoord.NEE: "you will not record",
        Antwoord.WEET_NIET: "you do not know yet if you want to record",
        Antwoord.INGETROKKEN: "you took back your answer",
    },
}
_SOORT_EN = {"geluid": "sound", "video": "video", "foto": "photos"}
_DOEL_EN = {
    Doel.NALUISTEREN: "to listen to it again at home",
    Doel.DESKUNDIGE: "to let an expert listen to it",
    Doel.PRIVEKRING: "to let people close to me listen to it",
    Doel.DELEN: "to share it with others or make it public",
    Doel.ANDERS: "something else",
    Doel.LIEVER_NIET: "I would rather not say",
}


def wording_language(taal: str) -> str:
    """The language a client is written to in: theirs when we have wording in it, else Dutch."""
    return taal if taal in WORDING_LANGUAGES else "nl"


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
    if afspraak is None or not _still_true(afspraak, asked.kind, asked.generation, lezing):
        return None
    return _afspraak_context(afspraak, asked, lezing)


def _still_true(afspraak: Afspraak, kind: str, generation: int, lezing: Lezing) -> bool:
    newest = lezing.voornemen
    open_now = afspraak.staat in OPEN_STATES
    checks: dict[str, Callable[[], bool]] = {
        "uitnodiging": lambda: (
            generation == afspraak.generatie and afspraak.staat in (Status.GEPLAND, Status.UITGENODIGD)
        ),
        "herinnering": lambda: generation == afspraak.generatie and afspraak.staat is Status.UITGENODIGD,
        "verplaatst": lambda: generation == afspraak.generatie and open_now,
        "andere_medewerker": lambda: generation == afspraak.generatie and open_now,
        "geannuleerd": lambda: generation == afspraak.generatie and afspraak.staat is Status.GEANNULEERD,
        "ontvangstbevestiging": lambda: (
            open_now and (found := newest(afspraak.pk)) is not None and found.volgnummer == generation
        ),
        "kopie_formulier": lambda: (
            Formulier.objects.filter(afspraak=afspraak, versie=generation)
            .exclude(status=FormulierStatus.VERVALLEN.value)
            .exists()
        ),
        "onduidelijk": lambda: open_now,
        # An answer to something the client just asked; the state of the appointment does not matter.
        "regels": lambda: True,
        "hulp": lambda: True,
        "gestopt": lambda: True,
        "weer_aan": lambda: True,
        "geen_afspraak": lambda: True,
        "niet_meer": lambda: True,
        "doorgegeven": lambda: True,
    }
    check = checks.get(kind)
    return check is not None and check()


def _afspraak_context(afspraak: Afspraak, asked: post.Asked, lezing: Lezing) -> post.Rendering:
    kind = asked.kind
    taal = wording_language(afspraak.client.taal)
    link = link_for(afspraak)
    code = f" {afspraak.korte_code}" if lezing.heeft_code_nodig(afspraak) else ""
    voornemen = lezing.voornemen(afspraak.pk)
    oud = afspraak.vorige_start_op or afspraak.start_op
    nl = taal == "nl"
    values = {
        "gemeente": settings.GEMEENTE_NAAM,
        "team": afspraak.team.naam,
        "naam": afspraak.client.naam,
        "dag": datums.dag(afspraak.start_op, taal),
        "tijd": datums.tijd(afspraak.start_op, taal),
        "oude_dag": datums.dag(oud, taal),
        "oude_tijd": datums.tijd(oud, taal),
        "locatie": plaats(afspraak, taal),
        "link": link,
        "ja": f"{'JA' if nl else 'YES'}{code}",
        "nee": f"{'NEE' if nl else 'NO'}{code}",
        "weet_niet": f"{'WEET NIET' if nl else 'DO NOT KNOW'}{code}",
        "hulp": hulp(afspraak.team, taal),
        "clientondersteuning": afspraak.team.clientondersteuning,
        **_answer_values(afspraak, voornemen, taal),
        **(lezing.blad(afspraak.team_id, taal) if kind in _WITH_SHEET else {}),
        "medewerker_zin": _medewerker_zin(afspraak, taal, lezing),
    }
    files = _attachments(afspraak, kind, taal, link) if asked.files else ()
    return post.Rendering(values=values, attachments=files)


def _attachments(afspraak: Afspraak, kind: str, taal: str, link: str) -> tuple[post.Attachment, ...]:
    if kind in ("uitnodiging", "verplaatst", "geannuleerd"):
        content = make_ics(afspraak=afspraak, taal=taal, link=link, now=timezone.now())
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


def link_for(afspraak: Afspraak) -> str:
    """The full address of the client's page."""
    return f"{settings.PUBLIC_URL}/v/{links.derive_token(afspraak.sleutel, settings.LINK_KEY)}"


def hulp(team: Team | None, taal: str) -> str:
    """Where a client gets help: the team's phone and desk, and in a Wmo team the free support (Wmo 2.3.2 lid 3)."""
    phone = (team.telefoon if team else "") or settings.GEMEENTE_TELEFOON
    if taal == "en":
        return f"Free client support: call {phone}." if team and team.clientondersteuning else f"Help: call {phone}."
    # Written without diaeresis: that one letter would turn the whole SMS into UCS-2 and double its price.
    return f"Gratis clientondersteuning: bel {phone}." if team and team.clientondersteuning else f"Hulp: bel {phone}."


def _medewerker_zin(afspraak: Afspraak, taal: str, lezing: Lezing) -> str:
    if afspraak.medewerker is None or not lezing.noemt_medewerker(afspraak.team_id):
        return ""
    name = afspraak.medewerker.naam
    return f"You will speak to {name}." if taal == "en" else f"U spreekt met {name}."


def _answer_values(afspraak: Afspraak, voornemen: Voornemen | None, taal: str) -> dict[str, str]:
    nl = taal == "nl"
    if voornemen is None or voornemen.antwoord == Antwoord.INGETROKKEN.value:
        invite = "Wilt u opnemen? U kunt het ons laten weten." if nl else "Do you want to record? You can let us know."
        words = _ANTWOORD[taal][Antwoord.INGETROKKEN] if voornemen else ""
        return {
            "antwoord": words,
            "antwoord_volledig": _sentence(words),
            "antwoord_zin": invite,
            "vervolg": "",
        }
    antwoord = Antwoord(voornemen.antwoord)
    words = _ANTWOORD[taal][antwoord]
    old = given_for_old_time(gegeven_voor=voornemen.gegeven_voor_op, start_op=afspraak.start_op)
    kept = (
        f"Uw antwoord ({words}) blijft staan{'; u gaf het voor de oude tijd' if old else ''}."
        if nl
        else f"Your answer ({words}) still stands{'; you gave it for the old time' if old else ''}."
    )
    ask = antwoord is Antwoord.JA and not voornemen.doel
    question = (
        ("Waarvoor? U mag dat antwoorden, het hoeft niet." if nl else "What for? You may reply, you do not have to.")
        if ask
        else ""
    )
    return {
        "antwoord": words,
        "antwoord_volledig": _full_answer(voornemen, words, taal),
        "antwoord_zin": kept,
        "vervolg": question,
    }


def _full_answer(voornemen: Voornemen, words: str, taal: str) -> str:
    nl = taal == "nl"
    soorten = describe_soorten(voornemen.soorten_set)
    if soorten and not nl:
        soorten = ", ".join(_SOORT_EN[soort.value] for soort in sorted(voornemen.soorten_set))
    text = f"{_sentence(words)[:-1]}: {soorten}." if soorten else _sentence(words)
    if voornemen.doel:
        doel = Doel(voornemen.doel)
        purpose = (DOEL_WOORD if nl else _DOEL_EN)[doel]
        if voornemen.toelichting:
            purpose = f"{purpose} ({voornemen.toelichting})"
        text += f" {'Doel' if nl else 'Purpose'}: {purpose}."
    return text


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""


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
        **(Lezing([]).blad(team.pk if team else None, taal) if kind in _WITH_SHEET else {}),
    }
    return post.Rendering(values=values)
