"""Accounts, medewerkers, teams, the worklist and the switch: what may not happen, and what is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from afspraken.flow import beheer, plan
from afspraken.flow.log import Actor
from afspraken.models import (
    Afspraak,
    Gebruiker,
    LogRegel,
    Medewerker,
    MedewerkerAlias,
    Rol,
    Team,
    Werkpunt,
    WerkpuntSoort,
)
from notifications import api as post
from notifications import jobs
from tests.builders import NU, TESTER, maak_afspraak, maak_gebruiker, maak_gegevens, maak_medewerker, maak_team

pytestmark = pytest.mark.django_db


def gegevens(**values: Any) -> beheer.Accountgegevens:
    given: dict[str, Any] = {
        "voornaam": "Mia",
        "achternaam": "Visser",
        "email": "m.visser@gemeente.example",
        "rol": Rol.MEDEWERKER.value,
        "teams": frozenset({maak_team().pk}),
    }
    return beheer.Accountgegevens(**(given | values))


def velden(caught: pytest.ExceptionInfo[beheer.BeheerGeweigerd]) -> set[str]:
    return {fout.veld for fout in caught.value.fouten}


def logged() -> list[str]:
    return list(LogRegel.objects.order_by("pk").values_list("actie", flat=True))


# --- Accounts -------------------------------------------------------------------------------------


def test_a_new_account_has_no_password_anyone_knows() -> None:
    account = beheer.maak_account(username="mvisser", gegevens=gegevens(), actor=TESTER, now=NU)
    assert not account.has_usable_password()
    assert list(account.teams.values_list("code", flat=True)) == ["wmo"]
    line = LogRegel.objects.get(actie="account.gemaakt")
    assert "Visser" not in str(line.details) + line.object_id


def test_everything_wrong_with_an_account_is_said_at_once() -> None:
    maak_gebruiker("MVisser", email="M.Visser@gemeente.example")
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        beheer.maak_account(
            username="mvisser", gegevens=gegevens(achternaam=" ", teams=frozenset(), rol="baas"), actor=TESTER, now=NU
        )
    assert velden(caught) == {"username", "achternaam", "email", "rol", "teams"}
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        beheer.maak_account(
            username="m visser", gegevens=gegevens(email="geen adres", teams=frozenset({999})), actor=TESTER, now=NU
        )
    assert velden(caught) == {"username", "email", "teams"}
    assert logged() == []


def wijzig(account: Gebruiker, door: Gebruiker, **values: Any) -> tuple[str, ...]:
    return beheer.wijzig_account(
        account_id=account.pk, gegevens=gegevens(**values), door_id=door.pk, actor=TESTER, now=NU
    )


def test_nobody_takes_away_their_own_role_of_beheerder() -> None:
    baas, ander = (maak_gebruiker(n, rol=Rol.BEHEERDER, email=f"{n}@gemeente.example") for n in ("baas", "ander"))
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        wijzig(baas, baas)
    assert velden(caught) == {"rol"}
    assert "rol" in wijzig(ander, baas)
    baas.refresh_from_db()
    assert baas.rol == Rol.BEHEERDER.value


def test_the_last_beheerder_stays() -> None:
    baas = maak_gebruiker("baas", rol=Rol.BEHEERDER)
    closed = maak_gebruiker("weg", rol=Rol.BEHEERDER)
    Gebruiker.objects.filter(pk=closed.pk).update(is_active=False)
    helper = maak_gebruiker("helper")
    for attempt in (
        lambda: wijzig(baas, helper),
        lambda: beheer.sluit_account(account_id=baas.pk, door_id=helper.pk, actor=TESTER, now=NU),
    ):
        with pytest.raises(beheer.BeheerGeweigerd) as caught:
            attempt()
        assert caught.value.fouten[0].code == "laatste"
    baas.refresh_from_db()
    assert baas.is_active
    assert baas.rol == Rol.BEHEERDER.value


def test_nobody_closes_their_own_account() -> None:
    baas = maak_gebruiker("baas", rol=Rol.BEHEERDER)
    maak_gebruiker("ander", rol=Rol.BEHEERDER)
    with pytest.raises(beheer.BeheerGeweigerd):
        beheer.sluit_account(account_id=baas.pk, door_id=baas.pk, actor=TESTER, now=NU)


def test_a_change_of_rights_is_written_down_with_what_it_was() -> None:
    baas = maak_gebruiker("baas", rol=Rol.BEHEERDER)
    account = maak_gebruiker("mvisser", first_name="Mia", last_name="Visser", email="m.visser@gemeente.example")
    other = maak_team("werk-en-inkomen")
    assert wijzig(account, baas) == ()
    assert set(wijzig(account, baas, rol="coordinator", teams=frozenset({other.pk}))) == {"rol", "teams"}
    details = LogRegel.objects.get(actie="account.gewijzigd").details
    assert details["rol"] == ["medewerker", "coordinator"]
    assert details["teams_erbij"] == [other.pk]
    assert details["teams_eraf"] == [maak_team().pk]


def test_two_clicks_at_once_make_one_account_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    beheer.maak_account(username="mvisser", gegevens=gegevens(), actor=TESTER, now=NU)
    # The second click was checked before the first had written.
    monkeypatch.setattr("afspraken.flow.beheer.accounts._username_fouten", lambda _name: [])
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        beheer.maak_account(username="mvisser", gegevens=gegevens(email="a@b.nl"), actor=TESTER, now=NU)
    assert caught.value.fouten[0].code == "botsing"
    assert logged() == ["account.gemaakt"]


# --- Medewerkers ----------------------------------------------------------------------------------


def test_two_names_of_one_person_become_one_and_keep_finding_each_other() -> None:
    account = maak_gebruiker()
    blijft = maak_medewerker("B. de Boer", gebruiker=account)
    afspraak = maak_afspraak(medewerker="Boer, B. de")
    weg = Medewerker.objects.get(naam="Boer, B. de")
    assert afspraak.medewerker == weg
    moved = beheer.voeg_samen(weg_id=weg.pk, blijft_id=blijft.pk, actor=TESTER, now=NU)
    assert moved == 1
    afspraak.refresh_from_db()
    assert afspraak.medewerker == blijft
    # The planning system goes on using its own name for them.
    again = maak_afspraak(medewerker="boer,  b. DE")
    assert again.medewerker == blijft
    assert not Medewerker.objects.filter(pk=weg.pk).exists()
    # The same person: nobody is written to about a change of medewerker.
    assert [m.kind for m in post.statuses_for([afspraak.onderwerp_sleutel])[afspraak.onderwerp_sleutel]] == [
        "uitnodiging",
        "uitnodiging",
    ]


def test_two_accounts_are_not_made_one() -> None:
    a = maak_medewerker("A", gebruiker=maak_gebruiker("a"))
    b = maak_medewerker("B", gebruiker=maak_gebruiker("b"))
    for weg, blijft in ((a.pk, b.pk), (a.pk, a.pk), (a.pk, 999)):
        with pytest.raises(beheer.BeheerGeweigerd):
            beheer.voeg_samen(weg_id=weg, blijft_id=blijft, actor=TESTER, now=NU)
    assert Medewerker.objects.count() == 2


def test_a_name_leads_to_one_person() -> None:
    a, b = maak_medewerker("A. Bakker"), maak_medewerker("B. Bakker")
    sleutel = beheer.alias_sleutel(bron="jcc", extern_id="m-12")
    beheer.voeg_alias_toe(medewerker_id=a.pk, sleutel=sleutel, actor=TESTER, now=NU)
    for taken in (sleutel, beheer.alias_sleutel(naam="a.  BAKKER"), beheer.alias_sleutel(naam=" ")):
        with pytest.raises(beheer.BeheerGeweigerd):
            beheer.voeg_alias_toe(medewerker_id=b.pk, sleutel=taken, actor=TESTER, now=NU)
    alias = MedewerkerAlias.objects.get(sleutel=sleutel)
    assert not beheer.haal_alias_weg(medewerker_id=b.pk, alias_id=alias.pk, actor=TESTER, now=NU)
    assert beheer.haal_alias_weg(medewerker_id=a.pk, alias_id=alias.pk, actor=TESTER, now=NU)
    assert logged() == ["medewerker.alias_erbij", "medewerker.alias_eraf"]


def test_an_account_belongs_to_one_medewerker() -> None:
    account = maak_gebruiker()
    maak_medewerker("A", gebruiker=account)
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        beheer.bewaar_medewerker(
            medewerker_id=None, naam="a", gebruiker_id=account.pk, teams=frozenset(), actor=TESTER, now=NU
        )
    assert velden(caught) == {"naam", "gebruiker"}


# --- Teams ----------------------------------------------------------------------------------------


def test_a_team_with_appointments_to_come_stays_in_use() -> None:
    afspraak = maak_afspraak()
    team = afspraak.team

    def stop(now: Any) -> None:
        beheer.wijzig_team(team_id=team.pk, naam=team.naam, actief=False, actor=TESTER, now=now)

    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        stop(NU)
    assert "1 afspraken" in caught.value.fouten[0].melding
    stop(NU + timedelta(days=30))
    team.refresh_from_db()
    assert not team.actief


@pytest.mark.parametrize("code", ["", "Met Spatie", "wmo", "alle/teams", "ë"])
def test_a_team_code_fits_in_an_address(code: str) -> None:
    maak_team()
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        beheer.maak_team(code=code, naam="Team", actor=TESTER, now=NU)
    assert velden(caught) == {"code"}


def test_the_word_for_every_team_is_no_team() -> None:
    """The pages call the texts for all teams "alle": a team of that name would be unreachable."""
    with pytest.raises(beheer.BeheerGeweigerd):
        beheer.maak_team(code="alle", naam="Alle", actor=TESTER, now=NU)
    assert Team.objects.count() == 0


TIMING = beheer.Timing(
    uitnodiging_werkdagen=10,
    herinnering_aan=True,
    herinnering_werkdagen=1,
    herinnering_tijd=time(10),
    medewerker_in_bericht=False,
)


@pytest.mark.parametrize(
    ("change", "veld"),
    [
        ({"uitnodiging_werkdagen": 41}, "uitnodiging_werkdagen"),
        ({"uitnodiging_werkdagen": -1}, "uitnodiging_werkdagen"),
        ({"herinnering_werkdagen": 10}, "herinnering_werkdagen"),
        ({"herinnering_werkdagen": -1}, "herinnering_werkdagen"),
        ({"herinnering_tijd": time(7, 59)}, "herinnering_tijd"),
        ({"herinnering_tijd": time(21)}, "herinnering_tijd"),
    ],
)
def test_impossible_moments_are_refused(change: dict[str, Any], veld: str) -> None:
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        beheer.wijzig_timing(team_id=maak_team().pk, timing=replace(TIMING, **change), actor=TESTER, now=NU)
    assert veld in velden(caught)
    assert logged() == []


def test_timing_counts_for_what_is_planned_next_and_is_logged_by_field() -> None:
    team = maak_team()
    assert beheer.wijzig_timing(team_id=team.pk, timing=TIMING, actor=TESTER, now=NU) == ()
    earlier = replace(TIMING, uitnodiging_werkdagen=40)
    assert beheer.wijzig_timing(team_id=team.pk, timing=earlier, actor=TESTER, now=NU) == ("uitnodiging_werkdagen",)
    assert LogRegel.objects.get().details == {"velden": ["uitnodiging_werkdagen"]}
    afspraak = maak_afspraak(start_op=NU + timedelta(days=40))
    assert afspraak.uitgenodigd_op == NU


def test_without_a_number_nobody_is_helped() -> None:
    with pytest.raises(beheer.BeheerGeweigerd):
        beheer.wijzig_hulp(
            team_id=maak_team().pk,
            hulp=beheer.Hulp(telefoon="balie", loket="", clientondersteuning=""),
            actor=TESTER,
            now=NU,
        )


# --- Every day ------------------------------------------------------------------------------------


def test_a_worklist_entry_is_handled_once_and_with_words() -> None:
    user = maak_gebruiker()
    actor = Actor(soort="gebruiker", id=user.username, gebruiker_id=user.pk)
    punt = Werkpunt.objects.create(
        team=maak_team(), soort=WerkpuntSoort.BELLEN, sleutel="x", reden="Geen nummer.", aangemaakt_op=NU
    )
    with pytest.raises(beheer.BeheerGeweigerd):
        beheer.handel_werkpunt_af(werkpunt_id=punt.pk, notitie="  ", actor=actor, now=NU)
    assert beheer.handel_werkpunt_af(werkpunt_id=punt.pk, notitie="Gebeld.", actor=actor, now=NU)
    assert not beheer.handel_werkpunt_af(werkpunt_id=punt.pk, notitie="Ook gebeld.", actor=actor, now=NU)
    punt.refresh_from_db()
    assert (punt.notitie, punt.afgehandeld_door) == ("Gebeld.", user)
    assert "Gebeld" not in str(LogRegel.objects.get().details)


def test_the_switch_holds_everything_and_loses_nothing(time_machine: Any) -> None:
    time_machine.move_to(NU, tick=False)
    actor = Actor(soort="gebruiker", id="coordinator1")
    assert beheer.pauzeer_berichten(actor=actor, now=NU)
    assert not beheer.pauzeer_berichten(actor=actor, now=NU)
    afspraak = maak_afspraak()
    jobs.drain()
    statuses = post.statuses_for([afspraak.onderwerp_sleutel])[afspraak.onderwerp_sleutel]
    assert {m.status for m in statuses} == {post.Status.QUEUED}
    assert beheer.hervat_berichten(actor=actor, now=NU)
    assert not beheer.hervat_berichten(actor=actor, now=NU)
    jobs.drain()
    statuses = post.statuses_for([afspraak.onderwerp_sleutel])[afspraak.onderwerp_sleutel]
    assert post.Status.QUEUED not in {m.status for m in statuses}
    assert [a for a in logged() if a.startswith("berichten.")] == ["berichten.gepauzeerd", "berichten.hervat"]


def test_planning_still_works_for_a_medewerker_made_by_hand() -> None:
    beheer.bewaar_medewerker(
        medewerker_id=None, naam="C. Mulder", gebruiker_id=None, teams=frozenset(), actor=TESTER, now=NU
    )
    maak_team()
    result = plan.plan_afspraak(gegevens=maak_gegevens(medewerker="c. mulder"), actor=TESTER, now=NU)
    assert result.afspraak_id is not None
    assert Afspraak.objects.get(pk=result.afspraak_id).medewerker == Medewerker.objects.get()
