"""Confirmed files: compared once more, written in steps, exactly once, and nothing left behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from afspraken.domain.gegevens import Afspraakgegevens
from afspraken.flow import plan
from afspraken.flow.plan import PlanGeweigerd, Uitkomst
from afspraken.models import Afspraak, Importconcept, LogRegel, Medewerker, Rol, VroegeAnnulering, Werkpunt
from afspraken.sources import concept as concepts
from afspraken.sources import preview, process
from notifications import api as post
from tests.builders import NU, TESTER, maak_afspraak, maak_gebruiker, maak_gegevens
from tests.sources.files import TEAMS, big_csv, csv_of, maak_teams, read, row, sample, sample_xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(time_machine: Any) -> None:
    time_machine.move_to(NU, tick=False)
    maak_teams()
    maak_gebruiker("coordinator1", rol=Rol.COORDINATOR, teams=tuple(TEAMS))


def wait(data: bytes) -> Importconcept:
    """A file that waits for its confirmation."""
    from afspraken.models import Gebruiker

    gebruiker = Gebruiker.objects.get(username="coordinator1")
    eigen = list(gebruiker.teams.values_list("code", flat=True))
    result, outcomes = preview.predict(read(data), now=NU, eigen_teams=eigen)
    return concepts.keep(
        concepts.Inhoud(resultaat=result, uitkomsten=tuple(outcomes)),
        gebruiker=gebruiker,
        bron="csv",
        bestand_hash=concepts.fingerprint(data),
        now=NU,
    )


def outcomes_of(data: bytes) -> set[Uitkomst]:
    return {outcome.uitkomst for outcome in preview.predict(read(data), now=NU)[1]}


def test_the_sample_is_planned_and_a_second_time_changes_nothing() -> None:
    assert process.start(wait(sample()), now=NU) is True
    assert Afspraak.objects.filter(bron="csv").count() == 177
    assert VroegeAnnulering.objects.count() == 3
    before = list(Afspraak.objects.order_by("pk").values())
    messages = sum(post.counts(scopes=None, since=NU - timedelta(days=1)).values())
    assert messages == 156 + 109
    unreachable = [rij for rij in read(sample()).rijen if not (rij.gegevens.client.mobiel or rij.gegevens.client.email)]
    assert Werkpunt.objects.count() == len(unreachable)
    for again in (sample(), sample_xlsx()):
        assert outcomes_of(again) == {Uitkomst.GELIJK}
        assert process.start(wait(again), now=NU + timedelta(minutes=5)) is True
    assert list(Afspraak.objects.order_by("pk").values()) == before
    assert sum(post.counts(scopes=None, since=NU - timedelta(days=1)).values()) == messages
    assert Medewerker.objects.count() == 5


def test_a_week_later_the_same_file_is_still_no_error() -> None:
    process.start(wait(sample()), now=NU)
    result, outcomes = preview.predict(read(sample(), now=NU + timedelta(days=30)), now=NU + timedelta(days=30))
    assert result.foutrijen == ()
    assert {outcome.uitkomst for outcome in outcomes} == {Uitkomst.GELIJK}


def test_what_a_changed_file_does_is_shown_row_by_row() -> None:
    first = [row(Afspraaknummer=f"A{n}") for n in range(5)]
    process.start(wait(csv_of(*first)), now=NU)
    changed = [
        row(Afspraaknummer="A0"),
        row(Afspraaknummer="A1", Begintijd="14.15 uur"),
        row(Afspraaknummer="A2", Status="geannuleerd"),
        row(Afspraaknummer="A3", Medewerker="C. Aydin", Mobiel="0687654321"),
        row(Afspraaknummer="A9", Mobiel="", **{"E-mail": ""}),
    ]
    data = csv_of(*changed)
    result, outcomes = preview.predict(read(data), now=NU)
    assert [(o.uitkomst, o.wijzigingen) for o in outcomes] == [
        (Uitkomst.GELIJK, ()),
        (Uitkomst.GEWIJZIGD, ("start_op", "eind_op")),
        (Uitkomst.GEANNULEERD, ("status",)),
        (Uitkomst.GEWIJZIGD, ("client.mobiel", "medewerker")),
        (Uitkomst.NIEUW, ()),
    ]
    figures = preview.summarise(result.rijen, outcomes)
    assert figures.aantallen == {"Nieuw": 1, "Gewijzigd": 2, "Geannuleerd": 1, "Ongewijzigd": 1}
    assert figures.onbereikbaar == 1
    assert figures.verandert == 4
    # A4 is not in this file: absent is not cancelled.
    process.start(wait(data), now=NU)
    assert Afspraak.objects.get(extern_id="A4").geannuleerd_op is None
    assert Afspraak.objects.get(extern_id="A2").geannuleerd_op == NU
    # Cancelled, and then planned again without a version: which came last can't be known.
    result, outcomes = preview.predict(read(csv_of(row(Afspraaknummer="A2"))), now=NU)
    assert preview.summarise(result.rijen, outcomes).aantallen == {"Verouderd": 1}


def test_moments_in_the_preview_keep_quiet_hours() -> None:
    saturday_night = NU + timedelta(days=3, hours=12)
    late = read(csv_of(row(Datum="08-12-2026")), now=saturday_night)
    result, outcomes = preview.predict(late, now=saturday_night)
    (sms, _mail) = preview.summarise(result.rijen, outcomes).berichten
    assert sms.eerste_op > saturday_night
    assert sms.eerste_op.astimezone(late.rijen[0].gegevens.start_op.tzinfo).weekday() == 0


def test_a_row_that_planning_refuses_becomes_a_row_with_an_error() -> None:
    result, outcomes = preview.predict(read(csv_of(row(Datum="20-11-2026"), row(Afspraaknummer="A2"))), now=NU)
    assert [(f.rij, f.kolom, f.waarde, f.code) for f in result.rijfouten] == [(2, "Datum", "20-11-2026", "voorbij")]
    assert [rij.rij for rij in result.rijen] == [3]
    assert len(outcomes) == 1


def test_an_appointment_of_another_team_can_not_be_touched_by_its_number() -> None:
    """Whatever team the file names: moving it, or cancelling it."""
    maak_afspraak(bron="csv", extern_id="VAN-WMO", team="wmo")
    rows = [row(Afspraaknummer="VAN-WMO", Team="jeugd"), row(Afspraaknummer="A2", Team="jeugd")]
    for status in ("gepland", "geannuleerd"):
        rows[0]["Status"] = status
        result, _ = preview.predict(read(csv_of(*rows), teams={"jeugd": "Jeugd"}), now=NU, eigen_teams=["jeugd"])
        assert [(f.rij, f.code) for f in result.rijfouten] == [(2, "nummer_van_ander_team")]
    assert preview.predict(read(csv_of(*rows)), now=NU)[0].rijfouten == ()


def test_a_file_is_begun_once() -> None:
    waiting = wait(csv_of(row()))
    assert [process.start(waiting, now=NU) for _ in range(3)] == [True, False, False]
    assert LogRegel.objects.filter(actie="import.verwerkt").count() == 1
    assert LogRegel.objects.filter(actie="afspraak.gepland").count() == 1


def test_an_expired_file_is_not_begun() -> None:
    waiting = wait(csv_of(row()))
    assert process.start(waiting, now=NU + timedelta(minutes=61)) is False
    assert Afspraak.objects.count() == 0


def test_the_rows_are_wiped_and_the_figures_stay() -> None:
    waiting = wait(csv_of(row(), row(Afspraaknummer="A2", Datum="x")))
    assert "Jansen" in waiting.rijen
    process.start(waiting, now=NU)
    done = Importconcept.objects.get()
    inhoud = concepts.unpack(done.rijen)
    assert (inhoud.resultaat.rijen, inhoud.uitkomsten) == ((), ())
    # The wrong rows stay for the error file until the hour is over.
    assert [rij.rij for rij in inhoud.resultaat.foutrijen] == [3]
    assert (done.verwerkt_op, done.voortgang) == (NU, 1)
    assert done.uitslag == {"aantallen": {"Nieuw": 1}, "overgeslagen": 1}
    assert LogRegel.objects.get(actie="import.verwerkt").details == {
        "bron": "csv",
        "aantallen": {"Nieuw": 1},
        "overgeslagen": 1,
    }


def test_the_rows_are_encrypted() -> None:
    from django.db import connection

    wait(sample())
    with connection.cursor() as cursor:
        cursor.execute("SELECT rijen FROM afspraken_importconcept")
        (stored,) = cursor.fetchone()
    assert stored.startswith("1.")
    assert "Jansen" not in stored


def test_packing_keeps_everything() -> None:
    result, outcomes = preview.predict(read(sample()), now=NU)
    inhoud = concepts.Inhoud(resultaat=result, uitkomsten=tuple(outcomes))
    assert concepts.unpack(concepts.pack(inhoud)) == inhoud


def test_the_same_file_is_recognised_after_it_was_processed() -> None:
    assert concepts.processed_before(concepts.fingerprint(sample())) is None
    process.start(wait(sample()), now=NU)
    before = concepts.processed_before(concepts.fingerprint(sample()))
    assert before is not None
    assert (before.tijdstip_op, before.actor, before.oorsprong) == (NU, "coordinator1", "import")
    assert concepts.processed_before(concepts.fingerprint(sample() + b"\r\n")) is None


def test_what_changed_since_the_preview_stops_the_whole_file() -> None:
    data = csv_of(row(), row(Afspraaknummer="A2"))
    waiting = wait(data)
    # Meanwhile another system brought in A2, and it has been signed.
    plan.plan_afspraak(
        gegevens=maak_gegevens(bron="csv", extern_id="A2"),
        actor=TESTER,
        now=NU,
    )
    Afspraak.objects.filter(extern_id="A2").update(status="ondertekend")
    process.start(waiting, now=NU)
    assert not Afspraak.objects.filter(extern_id="A1").exists()
    again = Importconcept.objects.get()
    assert (again.begonnen_op, again.verwerkt_op, again.aantal) == (None, None, 1)
    assert again.uitslag == {"veranderd": 1, "met_fout": 1}
    inhoud = concepts.unpack(again.rijen)
    assert [(f.rij, f.code) for f in inhoud.resultaat.rijfouten] == [(3, "niet_te_wijzigen")]


def test_a_team_that_was_taken_away_stops_the_whole_file() -> None:
    """For an appointment that is there already, and for one that would be new."""
    process.start(wait(csv_of(row())), now=NU)
    changed = wait(csv_of(row(Begintijd="15.00 uur"), row(Afspraaknummer="A2"), row(Afspraaknummer="A3", Team="jeugd")))
    changed.gebruiker.teams.remove(changed.gebruiker.teams.get(code="wmo"))
    process.start(changed, now=NU)
    again = Importconcept.objects.get(pk=changed.pk)
    assert (again.begonnen_op, again.uitslag) == (None, {"veranderd": 2, "met_fout": 2})
    faults = concepts.unpack(again.rijen).resultaat.rijfouten
    assert [(f.rij, f.kolom, f.code) for f in faults] == [(2, "Team", "ander_team"), (3, "Team", "ander_team")]
    assert [a.extern_id for a in Afspraak.objects.all()] == ["A1"]


def test_a_refusal_during_writing_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = wait(csv_of(row(), row(Afspraaknummer="A2")))
    real = plan.plan_afspraken

    def refuse(*, gegevens: Sequence[Afspraakgegevens], **values: Any) -> Any:
        real(gegevens=gegevens[:1], **values)
        raise PlanGeweigerd((), rij=1)

    monkeypatch.setattr(plan, "plan_afspraken", refuse)
    process.start(waiting, now=NU)
    assert Afspraak.objects.count() == 0
    row_ = Importconcept.objects.get()
    assert (row_.begonnen_op, row_.verwerkt_op, row_.voortgang) == (None, None, 0)
    assert row_.uitslag["veranderd"] == 1


def test_another_import_of_the_same_number_at_the_same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = wait(csv_of(row()))
    real = plan.plan_afspraken
    calls: list[int] = []

    def lose_once(**values: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise IntegrityError
        return real(**values)

    monkeypatch.setattr(plan, "plan_afspraken", lose_once)
    process.start(waiting, now=NU)
    assert Importconcept.objects.get().uitslag["aantallen"] == {"Nieuw": 1}


class TestLongFiles:
    """More rows than fit one step: by the worker, in steps, with progress."""

    @pytest.fixture(autouse=True)
    def _short_steps(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(process, "STEP", 20)
        monkeypatch.setattr(process, "_BREATH", 0)

    def test_a_long_file_goes_to_the_worker(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[tuple[str, str]] = []
        monkeypatch.setattr(process, "async_task", lambda task, pk: asked.append((task, pk)))
        waiting = wait(big_csv(50))
        assert process.start(waiting, now=NU) is True
        assert asked == [("afspraken.sources.process.carry_on", str(waiting.pk))]
        assert Afspraak.objects.count() == 0
        process.carry_on(str(waiting.pk))
        done = Importconcept.objects.get()
        assert (done.voortgang, done.verwerkt_op, done.uitslag["aantallen"]) == (50, NU, {"Nieuw": 50})
        assert Afspraak.objects.count() == 50

    def test_a_task_that_takes_long_hands_the_rest_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[str] = []
        monkeypatch.setattr(process, "async_task", lambda _task, pk: asked.append(pk))
        waiting = wait(big_csv(50))
        process.start(waiting, now=NU)
        seen = []
        while asked:
            process.carry_on(asked.pop(), patience=-1)
            seen.append(Importconcept.objects.get().voortgang)
        assert seen == [20, 40, 50]
        assert Afspraak.objects.count() == 50

    def test_a_task_that_comes_twice_does_nothing_twice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(process, "async_task", lambda _task, _pk: None)
        waiting = wait(big_csv(50))
        process.start(waiting, now=NU)
        for _ in range(5):
            process.carry_on(str(waiting.pk), patience=-1)
        assert Importconcept.objects.get().uitslag["aantallen"] == {"Nieuw": 50}
        assert LogRegel.objects.filter(actie="afspraak.gepland").count() == 50
        assert LogRegel.objects.filter(actie="import.verwerkt").count() == 1

    def test_without_a_queue_it_is_done_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def down(*_args: object) -> None:
            raise ConnectionError

        monkeypatch.setattr(process, "async_task", down)
        process.start(wait(big_csv(50)), now=NU)
        assert Importconcept.objects.get().verwerkt_op == NU

    def test_one_row_that_changed_meanwhile_does_not_stop_a_file_that_is_under_way(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(process, "async_task", lambda _task, _pk: None)
        waiting = wait(big_csv(50))
        process.start(waiting, now=NU)
        process.carry_on(str(waiting.pk), patience=-1)
        plan.plan_afspraak(gegevens=maak_gegevens(bron="csv", extern_id="B000030"), actor=TESTER, now=NU)
        Afspraak.objects.filter(extern_id="B000030").update(status="ondertekend")
        process.carry_on(str(waiting.pk))
        assert Importconcept.objects.get().uitslag == {
            "aantallen": {"Nieuw": 49},
            "niet_verwerkt": 1,
            "overgeslagen": 0,
        }

    def test_a_file_that_no_longer_fits_goes_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(process, "async_task", lambda _task, _pk: None)
        waiting = wait(big_csv(50))
        process.start(waiting, now=NU)
        waiting.gebruiker.teams.clear()
        plan.plan_afspraak(gegevens=maak_gegevens(bron="csv", extern_id="B000030"), actor=TESTER, now=NU)
        process.carry_on(str(waiting.pk))
        assert Importconcept.objects.get().begonnen_op is None
        assert Afspraak.objects.count() == 1
