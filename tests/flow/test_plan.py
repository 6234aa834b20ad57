"""Planned, moved, cancelled, reassigned: any number of times, in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from afspraken.domain.gegevens import Afspraakgegevens, Medewerkergegevens
from afspraken.domain.lifecycle import Status
from afspraken.flow import plan
from afspraken.flow.plan import PlanGeweigerd, Planresultaat, Uitkomst
from afspraken.models import Afspraak, Client, LogRegel, Medewerker, VroegeAnnulering, Werkpunt
from notifications import api as post
from notifications import jobs
from tests.builders import NU, TESTER, maak_gegevens, maak_team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _team(time_machine: object) -> None:
    time_machine.move_to(NU, tick=False)  # type: ignore[attr-defined]
    maak_team("wmo")


def deliver(gegevens: Afspraakgegevens, now: datetime = NU) -> Planresultaat:
    return plan.plan_afspraak(gegevens=gegevens, actor=TESTER, now=now)


def messages(afspraak_id: int | None) -> list[tuple[str, str, str, int]]:
    subject = f"afspraak/{afspraak_id}"
    rows = post.statuses_for([subject]).get(subject, [])
    return sorted((m.kind, m.channel.value, m.status.value, m.generation) for m in rows)


def afspraak_of(result: Planresultaat) -> Afspraak:
    assert result.afspraak_id is not None
    return Afspraak.objects.get(pk=result.afspraak_id)


def a_day_later(gegevens: Afspraakgegevens) -> Afspraakgegevens:
    day = timedelta(days=1)
    return replace(gegevens, start_op=gegevens.start_op + day, eind_op=gegevens.eind_op + day)


def test_a_new_appointment_is_invited_on_every_channel() -> None:
    result = deliver(maak_gegevens())
    assert result.uitkomst is Uitkomst.NIEUW
    assert messages(result.afspraak_id) == [
        ("uitnodiging", "email", "queued", 1),
        ("uitnodiging", "sms", "queued", 1),
    ]
    assert afspraak_of(result).staat is Status.UITGENODIGD


def test_one_far_away_waits_for_its_window() -> None:
    result = deliver(maak_gegevens(start_op=NU + timedelta(days=40)))
    assert messages(result.afspraak_id) == []
    assert afspraak_of(result).staat is Status.GEPLAND


def test_the_same_delivery_twice_changes_nothing() -> None:
    gegevens = maak_gegevens()
    first = deliver(gegevens)
    before = list(Afspraak.objects.values())
    logs = LogRegel.objects.count()
    again = deliver(gegevens, NU + timedelta(hours=1))
    assert again.uitkomst is Uitkomst.GELIJK
    assert again.afspraak_id == first.afspraak_id
    assert list(Afspraak.objects.values()) == before
    assert LogRegel.objects.count() == logs
    assert len(messages(first.afspraak_id)) == 2


def test_the_same_delivery_after_the_day_is_no_error() -> None:
    gegevens = maak_gegevens()
    deliver(gegevens)
    assert deliver(gegevens, NU + timedelta(days=9)).uitkomst is Uitkomst.GELIJK


def test_a_move_before_anything_was_sent_sends_one_invitation_for_the_new_time() -> None:
    gegevens = maak_gegevens()
    first = deliver(gegevens)
    moved = a_day_later(gegevens)
    result = deliver(moved)
    assert result.uitkomst is Uitkomst.GEWIJZIGD
    assert set(result.wijzigingen) == {"start_op", "eind_op"}
    assert messages(first.afspraak_id) == [
        ("uitnodiging", "email", "queued", 2),
        ("uitnodiging", "email", "superseded", 1),
        ("uitnodiging", "sms", "queued", 2),
        ("uitnodiging", "sms", "superseded", 1),
    ]


def test_a_move_after_the_client_was_told_tells_the_move_on_one_channel() -> None:
    gegevens = maak_gegevens()
    first = deliver(gegevens)
    jobs.drain()
    moved = a_day_later(gegevens)
    deliver(moved)
    told = [row for row in messages(first.afspraak_id) if row[0] == "verplaatst"]
    assert told == [("verplaatst", "sms", "queued", 2)]
    afspraak = afspraak_of(first)
    assert afspraak.vorige_start_op == gegevens.start_op
    assert afspraak.staat is Status.UITGENODIGD


def test_another_room_is_no_news_for_the_client_but_another_address_is() -> None:
    gegevens = maak_gegevens()
    first = deliver(gegevens)
    jobs.drain()
    deliver(replace(gegevens, locatie_ruimte="2.14"))
    assert not [row for row in messages(first.afspraak_id) if row[0] == "verplaatst"]
    deliver(replace(gegevens, locatie_adres="Noorderlaan 12"))
    assert [row for row in messages(first.afspraak_id) if row[0] == "verplaatst"]


def test_an_older_version_changes_nothing() -> None:
    gegevens = maak_gegevens(externe_versie=5)
    first = deliver(gegevens)
    older = deliver(replace(gegevens, onderwerp="oud", externe_versie=4))
    assert older.uitkomst is Uitkomst.VEROUDERD
    assert afspraak_of(first).onderwerp == gegevens.onderwerp


def test_an_unchanged_newer_version_is_remembered() -> None:
    gegevens = maak_gegevens(externe_versie=5)
    deliver(gegevens)
    assert deliver(replace(gegevens, externe_versie=9)).uitkomst is Uitkomst.GELIJK
    assert deliver(replace(gegevens, onderwerp="x", externe_versie=7)).uitkomst is Uitkomst.VEROUDERD


def test_cancelling_supersedes_and_tells_only_who_was_told() -> None:
    gegevens = maak_gegevens()
    first = deliver(gegevens)
    result = deliver(replace(gegevens, geannuleerd=True))
    assert result.uitkomst is Uitkomst.GEANNULEERD
    assert {row[2] for row in messages(first.afspraak_id)} == {"superseded"}

    other = maak_gegevens()
    told = deliver(other)
    jobs.drain()
    deliver(replace(other, geannuleerd=True))
    assert ("geannuleerd", "sms", "queued", 2) in messages(told.afspraak_id)


def test_cancelling_twice_is_the_same_as_once() -> None:
    gegevens = maak_gegevens()
    deliver(gegevens)
    deliver(replace(gegevens, geannuleerd=True))
    assert deliver(replace(gegevens, geannuleerd=True)).uitkomst is Uitkomst.GELIJK


def test_a_cancellation_before_its_appointment_leaves_a_tombstone() -> None:
    early = plan.annuleer_afspraak(bron="jcc", extern_id="J-1", externe_versie=4, actor=TESTER, now=NU)
    assert early.uitkomst is Uitkomst.GRAFSTEEN
    late = deliver(maak_gegevens(bron="jcc", extern_id="J-1", externe_versie=3))
    assert late.uitkomst is Uitkomst.GEANNULEERD
    assert messages(late.afspraak_id) == []
    assert not VroegeAnnulering.objects.exists()
    again = deliver(maak_gegevens(bron="jcc", extern_id="J-1", externe_versie=5))
    assert again.uitkomst is Uitkomst.HERPLAND
    assert afspraak_of(late).staat is Status.UITGENODIGD


def test_a_newer_appointment_goes_over_its_tombstone() -> None:
    plan.annuleer_afspraak(bron="jcc", extern_id="J-2", externe_versie=4, actor=TESTER, now=NU)
    assert deliver(maak_gegevens(bron="jcc", extern_id="J-2", externe_versie=5)).uitkomst is Uitkomst.NIEUW


def test_a_file_without_versions_does_not_undo_a_cancellation() -> None:
    gegevens = maak_gegevens()
    deliver(gegevens)
    deliver(replace(gegevens, geannuleerd=True))
    result = deliver(gegevens)
    assert result.uitkomst is Uitkomst.VEROUDERD
    assert result.wijzigingen == ("status",)


def test_planned_again_under_a_newer_version_invites_afresh() -> None:
    gegevens = maak_gegevens(externe_versie=1)
    first = deliver(gegevens)
    jobs.drain()
    deliver(replace(gegevens, geannuleerd=True, externe_versie=2))
    jobs.drain()
    result = deliver(replace(gegevens, externe_versie=3))
    assert result.uitkomst is Uitkomst.HERPLAND
    assert ("uitnodiging", "sms", "queued", 3) in messages(first.afspraak_id)


def test_another_medewerker_is_told_but_a_first_one_is_not() -> None:
    gegevens = maak_gegevens(medewerker="")
    first = deliver(gegevens)
    jobs.drain()
    deliver(replace(gegevens, medewerker=Medewerkergegevens(naam="B. de Boer")))
    assert not [row for row in messages(first.afspraak_id) if row[0] == "andere_medewerker"]
    deliver(replace(gegevens, medewerker=Medewerkergegevens(naam="S. Peters")))
    assert [row for row in messages(first.afspraak_id) if row[0] == "andere_medewerker"] == [
        ("andere_medewerker", "sms", "queued", 2)
    ]


def test_a_name_in_any_spelling_of_case_and_spaces_is_one_medewerker() -> None:
    deliver(maak_gegevens(medewerker="B. de Boer"))
    deliver(maak_gegevens(medewerker=" b.  DE boer"))
    assert Medewerker.objects.count() == 1


def test_a_delivery_without_medewerker_leaves_the_known_one() -> None:
    gegevens = maak_gegevens()
    first = deliver(gegevens)
    assert deliver(replace(gegevens, medewerker=None)).uitkomst is Uitkomst.GELIJK
    assert afspraak_of(first).medewerker is not None


def test_two_people_of_one_name_stay_two_clients() -> None:
    deliver(maak_gegevens())
    deliver(maak_gegevens())
    assert Client.objects.count() == 2


def test_a_client_with_an_external_number_is_one() -> None:
    for _ in range(2):
        deliver(maak_gegevens(client_extern_id="c-77"))
    assert Client.objects.count() == 1


def test_a_client_without_any_address_goes_on_the_worklist() -> None:
    result = deliver(maak_gegevens(client_mobiel="", client_email=""))
    point = Werkpunt.objects.get()
    assert point.afspraak_id == result.afspraak_id
    assert point.soort == "brief"
    assert afspraak_of(result).staat is Status.GEPLAND


def test_a_refused_row_undoes_the_whole_batch_and_is_named() -> None:
    good, bad = maak_gegevens(), maak_gegevens(team="onbekend", vorm="fax")
    with pytest.raises(PlanGeweigerd) as refused:
        plan.plan_afspraken(gegevens=[good, bad], actor=TESTER, now=NU)
    assert refused.value.rij == 1
    assert {fout.veld for fout in refused.value.fouten} == {"team", "vorm"}
    assert not Afspraak.objects.exists()
    assert not LogRegel.objects.exists()


def test_a_large_file_with_one_bad_row_writes_nothing_at_all() -> None:
    rows = [maak_gegevens() for _ in range(260)] + [maak_gegevens(team="onbekend")]
    with pytest.raises(PlanGeweigerd) as refused:
        plan.plan_afspraken(gegevens=rows, actor=TESTER, now=NU)
    assert refused.value.rij == 260
    assert not Afspraak.objects.exists()


def test_a_large_file_is_written_batch_by_batch_with_progress() -> None:
    rows = [maak_gegevens() for _ in range(260)]
    seen: list[int] = []
    plan.plan_afspraken(gegevens=rows, actor=TESTER, now=NU, voortgang=seen.append)
    assert seen == [250, 260]
    assert Afspraak.objects.count() == 260


def test_a_new_address_after_the_invitation_is_invited_there_only() -> None:
    gegevens = maak_gegevens(client_email="")
    first = deliver(gegevens)
    jobs.drain()
    deliver(replace(gegevens, client=replace(gegevens.client, email="nieuw@example.nl")))
    fresh = [row for row in messages(first.afspraak_id) if row[3] == 2]
    assert fresh == [("uitnodiging", "email", "queued", 2)]


def test_the_preview_says_what_will_happen_and_writes_nothing() -> None:
    same, gone = maak_gegevens(), maak_gegevens()
    deliver(same)
    deliver(gone)
    jobs.drain()
    before = (Afspraak.objects.count(), list(Afspraak.objects.values_list("gewijzigd_op", flat=True)))
    rows = [
        same,
        replace(gone, geannuleerd=True),
        maak_gegevens(),
        maak_gegevens(team="onbekend"),
        replace(same, start_op=same.start_op + timedelta(hours=1), eind_op=same.eind_op + timedelta(hours=1)),
    ]
    seen = plan.voorspel(gegevens=rows, now=NU)
    assert [row.uitkomst for row in seen] == [
        Uitkomst.GELIJK,
        Uitkomst.GEANNULEERD,
        Uitkomst.NIEUW,
        Uitkomst.GEWEIGERD,
        Uitkomst.GEWIJZIGD,
    ]
    assert [(m.kind, m.channel.value) for m in seen[1].berichten] == [("geannuleerd", "sms")]
    assert [(m.kind, m.channel.value) for m in seen[2].berichten] == [("uitnodiging", "sms"), ("uitnodiging", "email")]
    assert seen[3].fouten
    assert [(m.kind, m.channel.value) for m in seen[4].berichten] == [("verplaatst", "sms")]
    assert (Afspraak.objects.count(), list(Afspraak.objects.values_list("gewijzigd_op", flat=True))) == before


def test_the_preview_asks_few_questions_however_many_rows(django_assert_max_num_queries: object) -> None:
    rows = [maak_gegevens() for _ in range(300)]
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        plan.voorspel(gegevens=rows, now=NU)


def test_nobody_can_move_what_is_over_and_all_fields_are_named() -> None:
    result = deliver(maak_gegevens())
    assert result.afspraak_id is not None
    with pytest.raises(PlanGeweigerd) as refused:
        plan.verplaats_afspraak(
            afspraak_id=result.afspraak_id,
            start_op=NU - timedelta(hours=1),
            eind_op=NU - timedelta(hours=2),
            actor=TESTER,
            now=NU,
        )
    assert {fout.veld for fout in refused.value.fouten} == {"start_op", "eind_op"}


def test_the_log_names_no_person_and_no_number() -> None:
    deliver(maak_gegevens(client_naam="Zeldzaam Herkenbaar", client_mobiel="+31687654321"))
    text = repr(list(LogRegel.objects.values()))
    assert "Zeldzaam" not in text
    assert "87654321" not in text


def test_numbers_and_addresses_are_unreadable_in_the_database() -> None:
    from django.db import connection

    deliver(maak_gegevens(client_mobiel="+31687654321", client_email="zeldzaam@example.nl"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT mobiel, email, mobiel_index, email_index FROM afspraken_client")
        raw = repr(cursor.fetchall())
    assert "87654321" not in raw
    assert "zeldzaam" not in raw
