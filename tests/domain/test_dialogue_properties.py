"""Whatever is texted, in whatever order: nothing is guessed and nothing loops."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from afspraken.domain import dialogue
from afspraken.domain.dialogue import MAX_PER_DAG, OpenAfspraak, RecordAnswer, Silence, Stand, Worklist
from afspraken.domain.reply import read

NU = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TEXTS = (
    "ja", "NEE", "nee hoor", "weet niet", "WEET NIET", "ja 7K", "nee 4P", "ja 9Z", "1", "2", "3", "beide", "1 en 2",
    "7K", "regels", "hulp", "STOP", "START", "ja nee", "ok", "bedankt", "voor mijn advocaat", "zeg ik liever niet",
    "hallo", "ik kom niet", "Mag ik filmen?", "Automatisch antwoord: ik ben weg", "", "👍", "ja, en de regels",
    "om later nog eens te horen wat er is gezegd", "JA 7K en 4P", "toch niet", "toch wel", "niet delen",
)  # fmt: skip
CODES = ("7K", "4P", "2B")
REASONS = ("", "", "voorbij", "geannuleerd", "ondertekend")

appointments = st.lists(st.sampled_from(REASONS), max_size=3).map(
    lambda reasons: [
        OpenAfspraak(id=n + 1, korte_code=CODES[n], start_op=NU + timedelta(days=n + 2), gesloten=reason)
        for n, reason in enumerate(reasons)
    ]
)
conversation = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from([1, 600, 86_400, 2_000_000])), max_size=25)


@given(appointments, conversation)
def test_only_what_is_certain_is_recorded(afspraken: list[OpenAfspraak], texts: list[tuple[str, int]]) -> None:
    stand, now = Stand(), NU
    current = {each.id: each for each in afspraken}
    for text, seconds in texts:
        now += timedelta(seconds=seconds)
        reading, before = read(text), stand
        besluit = dialogue.decide(reading=reading, afspraken=list(current.values()), stand=stand, now=now)
        stand = besluit.stand
        assert besluit.stappen, "every text has an outcome, also if it is silence"
        open_ids = {each.id for each in current.values() if not each.gesloten}
        for stap in besluit.stappen:
            if isinstance(stap, Worklist):
                assert stap.afspraak_id in current
            if not isinstance(stap, RecordAnswer):
                continue
            assert stap.afspraak_id in open_ids
            assert reading.antwoord or before.onthouden or current[stap.afspraak_id].huidig
            by_code = current[stap.afspraak_id].korte_code in reading.codes
            by_question = stap.afspraak_id in (*before.keuzes, before.afspraak_id)
            assert len(open_ids) == 1 or by_code or by_question
            current[stap.afspraak_id] = replace(current[stap.afspraak_id], huidig=stap.gegevens)


@given(appointments, st.lists(st.sampled_from(TEXTS), min_size=30, max_size=60))
def test_replies_in_a_day_are_capped(afspraken: list[OpenAfspraak], texts: list[str]) -> None:
    stand, replies = Stand(), 0
    for number, text in enumerate(texts):
        besluit = dialogue.decide(
            reading=read(text), afspraken=afspraken, stand=stand, now=NU + timedelta(minutes=number)
        )
        stand = besluit.stand
        replies += sum(
            not isinstance(stap, Silence | Worklist) and getattr(stap, "bevestig", True) for stap in besluit.stappen
        )
    assert replies <= MAX_PER_DAG


@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_text_in_any_order_gets_a_decision(texts: list[str]) -> None:
    stand = Stand()
    afspraken = [OpenAfspraak(id=1, korte_code="7K", start_op=NU + timedelta(days=1))]
    for text in texts:
        stand = dialogue.decide(reading=read(text), afspraken=afspraken, stand=stand, now=NU).stand
