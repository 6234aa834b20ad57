"""Two teams with everything in them, for tests of the pages of /beheer/."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client

from afspraken.flow import beheer
from afspraken.flow.log import Actor
from afspraken.models import Gebruiker, Medewerker, Rol, SpelregelsVersie, Team, Werkpunt, WerkpuntSoort
from notifications import api as post
from tests.builders import NU, TESTER, maak_afspraak, maak_gebruiker, maak_team

SMS = "((gemeente)): gesprek op ((dag)) om ((tijd)). Opnemen mag. Antwoord ((ja)) of ((nee)). ((link)) ((hulp))"
BLAD = "Spelregels\n\nOpnemen mag.\n\nDe regels\n\n1. Vertel het vooraf.\n2. Deel niets zonder overleg."


def ingelogd(username: str, *, csrf: bool = False) -> Client:
    """A browser in which this account is logged in."""
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(Gebruiker.objects.get(username=username))
    return client


def actor(username: str) -> Actor:
    return Actor(soort="gebruiker", id=username, gebruiker_id=Gebruiker.objects.get(username=username).pk)


def schrijf_sjabloon(
    wie: str, team: str | None = "wmo", *, tekst: str = SMS, gezien: str = "", kind: str = "uitnodiging"
) -> int:
    """A draft of the invitation by SMS."""
    return beheer.bewaar_sjabloon(
        kind=kind,
        channel=post.Channel.SMS,
        taal="nl",
        team=maak_team(team) if team else None,
        onderwerp="",
        tekst=tekst,
        gezien=gezien,
        actor=actor(wie),
        now=NU,
    )


def publiceer_sjabloon(wie: str, version_id: int, team: str | None = "wmo") -> None:
    info, _ = post.templates.version(version_id)
    beheer.publiceer_sjabloon(
        version_id=version_id,
        team=maak_team(team) if team else None,
        gezien=beheer.sjabloon_kenmerk(info),
        actor=actor(wie),
        now=NU,
    )


def schrijf_blad(wie: str, team: str | None = "wmo", *, tekst: str = BLAD, kort: str = "U mag opnemen.") -> int:
    return beheer.bewaar_blad(
        team=maak_team(team) if team else None,
        blad=beheer.Bladtekst(tekst=tekst, kort={"nl": kort}, vertaling={}),
        gezien="",
        gebruiker=Gebruiker.objects.get(username=wie),
        actor=actor(wie),
        now=NU,
    )


def publiceer_blad(wie: str, pk: int) -> None:
    beheer.publiceer_blad(
        versie_id=pk,
        gezien=beheer.blad_kenmerk(SpelregelsVersie.objects.get(pk=pk)),
        gebruiker=Gebruiker.objects.get(username=wie),
        actor=actor(wie),
        now=NU,
    )


def maak_werkpunt(
    team: str = "wmo", *, reden: str = "Dit nummer is niet in gebruik.", naam: str = "A. Jansen"
) -> Werkpunt:
    afspraak = maak_afspraak(team=team, client_naam=naam, start_op=NU + timedelta(days=3))
    return Werkpunt.objects.create(
        afspraak=afspraak,
        team=afspraak.team,
        soort=WerkpuntSoort.ONDUIDELIJK,
        sleutel=f"test/{afspraak.pk}",
        reden=reden,
        aangemaakt_op=NU,
    )


@dataclass(frozen=True)
class Helft:
    """What one team has."""

    team: Team
    concept_blad: int
    vast_blad: int
    oud_sjabloon: int
    werkpunt: int


@dataclass(frozen=True)
class Wereld:
    """In wmo: medewerker1, coordinator1, coordinator2, beheerder. In werk-en-inkomen: vreemde1, vreemde2."""

    eigen: Helft
    ander: Helft
    medewerker: Medewerker
    alias: int
    account: Gebruiker
    sleutel: int
    nummers: int


def maak_wereld() -> Wereld:
    maak_gebruiker("medewerker1")
    for name in ("coordinator1", "coordinator2"):
        maak_gebruiker(name, rol=Rol.COORDINATOR)
    for name in ("vreemde1", "vreemde2"):
        maak_gebruiker(name, rol=Rol.COORDINATOR, teams=("werk-en-inkomen",))
    maak_gebruiker("beheerder", rol=Rol.BEHEERDER)
    eigen = _helft("wmo", "coordinator1", "coordinator2")
    ander = _helft("werk-en-inkomen", "vreemde1", "vreemde2")
    medewerker = Medewerker.objects.first()
    assert medewerker is not None
    sleutel, _ = beheer.maak_api_sleutel(naam="JCC", teams=[], scopes=["afspraken:lezen"], actor=TESTER, now=NU)
    nummers, _ = beheer.sta_nummers_toe(begin="+44 7", reden="Familie in Engeland", actor=TESTER, now=NU)
    return Wereld(
        eigen=eigen,
        ander=ander,
        medewerker=medewerker,
        alias=medewerker.aliassen.values_list("pk", flat=True)[0],
        account=Gebruiker.objects.get(username="medewerker1"),
        sleutel=sleutel.pk,
        nummers=nummers.id,
    )


def _helft(code: str, een: str, twee: str) -> Helft:
    punt = maak_werkpunt(code)
    oud = schrijf_sjabloon(een, code)
    publiceer_sjabloon(twee, oud, code)
    publiceer_sjabloon(twee, schrijf_sjabloon(een, code, tekst=SMS + " Dag."), code)
    vast = schrijf_blad(een, code)
    publiceer_blad(twee, vast)
    concept = schrijf_blad(een, code, tekst=BLAD.replace("vooraf", "op tijd"))
    return Helft(team=maak_team(code), concept_blad=concept, vast_blad=vast, oud_sjabloon=oud, werkpunt=punt.pk)
