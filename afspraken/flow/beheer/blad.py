"""Rules sheets: drafts, publication by a second person, and nothing after that.

A published sheet has no writer any more: every function here works on drafts only, and looks the status up in the
same statement that writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from afspraken.domain import spelregels
from afspraken.domain.voornemen import Veldfout
from afspraken.flow import log
from afspraken.flow.beheer import vier_ogen
from afspraken.flow.beheer.fouten import TEGELIJK, BeheerGeweigerd, bij_botsing, geweigerd
from afspraken.flow.berichten.appointment_values import hulp
from afspraken.flow.log import Actor
from afspraken.models import Gebruiker, SpelregelsStatus, SpelregelsVersie, SpelregelsVertaling, Team
from notifications import api as post

REGELS_SEGMENTS_MAX = 4
TALEN = ("nl", "en")


@dataclass(frozen=True, kw_only=True)
class Bladtekst:
    """What an editor of a sheet writes: the official text, plain language per language, and a translation."""

    tekst: str
    kort: Mapping[str, str]
    vertaling: Mapping[str, str]


def tidy(tekst: str) -> str:
    """Line ends as \\n and no empty lines around it; everything else stays to the letter."""
    return tekst.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def regels_segments(*, kort: str, taal: str, team: Team | None) -> post.SegmentCount:
    """What the answer to REGELS costs with this short text, in the wording that is in use."""
    wording = post.templates.current("regels", post.Channel.SMS, taal, team.code if team else "")
    values = {"gemeente": settings.GEMEENTE_NAAM, "spelregels_kort": kort.strip(), "hulp": hulp(team, taal)}
    text = wording.body
    for name, value in values.items():
        text = text.replace(f"(({name}))", value)
    return post.count_segments(post.to_plain(text))


def check_blad(*, blad: Bladtekst, team: Team | None) -> list[Veldfout]:
    """What keeps a sheet from being kept or published, each tied to its field."""
    fouten = list(spelregels.check(blad.tekst))
    if not blad.kort.get("nl", "").strip():
        fouten.append(_fout("kort_nl", "leeg", "Vul een korte tekst in. Die krijgt wie REGELS sms't."))
    for taal in TALEN:
        kort = blad.kort.get(taal, "")
        if not kort.strip():
            continue
        count = regels_segments(kort=kort, taal=taal, team=team)
        if count.segments > REGELS_SEGMENTS_MAX:
            fouten.append(_fout(f"kort_{taal}", "te_lang", _too_long(count)))
    for taal, vertaling in blad.vertaling.items():
        if not vertaling.strip():
            continue
        fouten += [
            _fout(f"vertaling_{taal}", fout.code, f"In de vertaling: {fout.melding}")
            for fout in _vertaling_fouten(blad.tekst, vertaling)
        ]
        if not blad.kort.get(taal, "").strip():
            fouten.append(_fout(f"kort_{taal}", "leeg", "Vul bij een vertaling ook de korte tekst in die taal in."))
    return fouten


def blad_van(versie: SpelregelsVersie) -> Bladtekst:
    """The texts of a version."""
    rows = {v.taal: v for v in versie.vertalingen.all()}
    return Bladtekst(
        tekst=versie.tekst,
        kort={taal: row.kort for taal, row in rows.items()},
        vertaling={taal: row.tekst for taal, row in rows.items() if taal != "nl"},
    )


def blad_kenmerk(versie: SpelregelsVersie) -> str:
    """The mark of everything that is published with a version."""
    rows = versie.vertalingen.order_by("taal").values_list("taal", "kort", "tekst")
    return vier_ogen.kenmerk(versie.tekst, *(part for row in rows for part in row))


def concept_van(team: Team | None) -> SpelregelsVersie | None:
    """The draft for a team, or for all; there is at most one."""
    return SpelregelsVersie.objects.filter(team=team, status=SpelregelsStatus.CONCEPT.value).first()


def bewaar_blad(
    *, team: Team | None, blad: Bladtekst, gezien: str, gebruiker: Gebruiker, actor: Actor, now: datetime
) -> int:
    """Keep a draft; returns its id. Raises :class:`BeheerGeweigerd` with every reason.

    ``gezien`` is the mark of the draft the writer started from, "" for none.
    """
    blad = Bladtekst(
        tekst=tidy(blad.tekst),
        kort={taal: tidy(text) for taal, text in blad.kort.items()},
        vertaling={taal: tidy(text) for taal, text in blad.vertaling.items()},
    )
    fouten = check_blad(blad=blad, team=team)
    if fouten:
        raise BeheerGeweigerd(fouten)
    with bij_botsing("", TEGELIJK), transaction.atomic():
        versie = (
            SpelregelsVersie.objects.select_for_update()
            .filter(team=team, status=SpelregelsStatus.CONCEPT.value)
            .first()
        )
        if versie is None:
            last = SpelregelsVersie.objects.filter(team=team).aggregate(last=Max("nummer"))["last"] or 0
            versie = SpelregelsVersie(team=team, nummer=last + 1)
        elif blad_kenmerk(versie) != gezien:
            raise geweigerd(
                "",
                "intussen_veranderd",
                "Een collega heeft dit concept veranderd terwijl u schreef. Bekijk die tekst eerst. "
                "Slaat u nog een keer op? Dan vervangt uw tekst die van uw collega.",
            )
        versie.tekst = blad.tekst
        versie.opsteller = gebruiker
        versie.aangemaakt_op = now
        versie.save()
        _save_vertalingen(versie, blad)
        _log("spelregels.concept_bewaard", versie, actor, now)
    return versie.pk


def publiceer_blad(*, versie_id: int, gezien: str, gebruiker: Gebruiker, actor: Actor, now: datetime) -> None:
    """Put a draft in force and freeze it; raises :class:`BeheerGeweigerd`."""
    with transaction.atomic():
        versie = SpelregelsVersie.objects.select_for_update(of=("self",)).select_related("team").get(pk=versie_id)
        if versie.status != SpelregelsStatus.CONCEPT.value:
            raise geweigerd("", "geen_concept", "Deze spelregels zijn al gepubliceerd.")
        vier_ogen.check_gezien(gezien=gezien, nu=blad_kenmerk(versie))
        vier_ogen.check_tweede_persoon(eigen_werk=versie.opsteller_id == gebruiker.pk)
        fouten = check_blad(blad=blad_van(versie), team=versie.team)
        if fouten:
            raise BeheerGeweigerd(fouten)
        versie.status = SpelregelsStatus.GEPUBLICEERD.value
        versie.vingerafdruk = spelregels.fingerprint(versie.tekst)
        versie.gepubliceerd_op = now
        versie.gepubliceerd_door = gebruiker
        versie.save(update_fields=("status", "vingerafdruk", "gepubliceerd_op", "gepubliceerd_door"))
        _log("spelregels.gepubliceerd", versie, actor, now)


def gooi_blad_weg(*, versie_id: int, actor: Actor, now: datetime) -> bool:
    """Throw a draft away; False when it is published or gone. A published sheet stays for ever."""
    with transaction.atomic():
        versie = (
            SpelregelsVersie.objects.select_for_update()
            .filter(pk=versie_id, status=SpelregelsStatus.CONCEPT.value)
            .first()
        )
        if versie is None:
            return False
        _log("spelregels.concept_weg", versie, actor, now)
        versie.delete()
    return True


def _save_vertalingen(versie: SpelregelsVersie, blad: Bladtekst) -> None:
    versie.vertalingen.all().delete()
    for taal in TALEN:
        kort, tekst = blad.kort.get(taal, ""), blad.vertaling.get(taal, "")
        if kort.strip() or tekst.strip():
            SpelregelsVertaling.objects.create(versie=versie, taal=taal, kort=kort, tekst=tekst)


def _vertaling_fouten(tekst: str, vertaling: str) -> list[Veldfout]:
    fouten = list(spelregels.check(vertaling))
    have, want = len(spelregels.parse(vertaling).regels), len(spelregels.parse(tekst).regels)
    if not fouten and have != want:
        fouten.append(
            _fout("", "aantal_regels", f"er staan {have} regels, en in de Nederlandse tekst {want}. Maak die gelijk.")
        )
    return fouten


def _too_long(count: post.SegmentCount) -> str:
    text = (
        f"Wie REGELS sms't krijgt deze tekst in {count.segments} sms'jes; "
        f"ten hoogste {REGELS_SEGMENTS_MAX} mag. Maak hem korter."
    )
    if count.costly:
        text += f" Het teken '{count.costly[0].char}' maakt hem extra lang: laat dat weg."
    return text


def _fout(veld: str, code: str, melding: str) -> Veldfout:
    return Veldfout(veld=veld, code=code, melding=melding)


def _log(actie: str, versie: SpelregelsVersie, actor: Actor, now: datetime) -> None:
    log.write(
        actie=actie,
        object_soort="spelregels",
        object_id=versie.pk,
        actor=actor,
        now=now,
        team_id=versie.team_id,
        details={"versie": versie.nummer},
    )
