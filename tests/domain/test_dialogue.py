"""The conversation by SMS, text by text, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from afspraken.domain import dialogue
from afspraken.domain.dialogue import (
    MAX_PER_DAG,
    MAX_VERKEERDE_CODES,
    AskWhich,
    Clarify,
    NoAppointment,
    OpenAfspraak,
    OptIn,
    OptOut,
    PassOn,
    RecordAnswer,
    Reden,
    SendHelp,
    SendRules,
    Silence,
    Stand,
    Stap,
    TooLate,
    Vraag,
    Worklist,
)
from afspraken.domain.reply import read
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Soort

NU = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
A = OpenAfspraak(id=1, korte_code="7K", start_op=NU + timedelta(days=2))
B = OpenAfspraak(id=2, korte_code="4P", start_op=NU + timedelta(days=3))
JA = Antwoordgegevens(antwoord=Antwoord.JA)
NEE = Antwoordgegevens(antwoord=Antwoord.NEE)


class Telefoon:
    """A phone whose appointments and state live on between texts, as the flow keeps them."""

    def __init__(self, *afspraken: OpenAfspraak, stand: Stand | None = None) -> None:
        self.afspraken = {each.id: each for each in afspraken}
        self.stand = stand or Stand()
        self.now = NU

    def zegt(self, text: str, *, later: timedelta = timedelta(minutes=1)) -> tuple[Stap, ...]:
        self.now += later
        besluit = dialogue.decide(
            reading=read(text), afspraken=list(self.afspraken.values()), stand=self.stand, now=self.now
        )
        self.stand = besluit.stand
        for stap in besluit.stappen:
            if isinstance(stap, RecordAnswer):
                self.afspraken[stap.afspraak_id] = replace(self.afspraken[stap.afspraak_id], huidig=stap.gegevens)
        return besluit.stappen


def antwoord(woord: Antwoord, doel: Doel | None = None, *soorten: Soort, toelichting: str = "") -> Antwoordgegevens:
    return Antwoordgegevens(antwoord=woord, doel=doel, soorten=frozenset(soorten), toelichting=toelichting)


# One appointment.


@pytest.mark.parametrize(
    ("text", "gegevens"),
    [
        ("Ja hoor!", JA),
        ("nee bedankt", NEE),
        ("weet ik nog niet", antwoord(Antwoord.WEET_NIET)),
        ("JA 7K thuis naluisteren", antwoord(Antwoord.JA, Doel.NALUISTEREN)),
        ("ja filmen voor mijn advocaat", antwoord(Antwoord.JA, Doel.DESKUNDIGE, Soort.VIDEO)),
    ],
)
def test_one_appointment_is_the_one(text: str, gegevens: Antwoordgegevens) -> None:
    assert Telefoon(A).zegt(text) == (RecordAnswer(afspraak_id=1, gegevens=gegevens),)


def test_an_answer_can_be_changed() -> None:
    phone = Telefoon(A)
    phone.zegt("ja")
    assert phone.zegt("NEE") == (RecordAnswer(afspraak_id=1, gegevens=NEE),)
    assert phone.zegt("toch wel") == (RecordAnswer(afspraak_id=1, gegevens=JA),)


def test_a_purpose_after_a_bare_ja() -> None:
    phone = Telefoon(A)
    phone.zegt("ja")
    assert phone.stand.vraag is Vraag.DOEL
    assert phone.zegt("voor mijn advocaat") == (
        RecordAnswer(afspraak_id=1, gegevens=antwoord(Antwoord.JA, Doel.DESKUNDIGE)),
    )
    assert not phone.stand.vraag


def test_a_purpose_in_their_own_words() -> None:
    phone = Telefoon(A)
    phone.zegt("ja foto's")
    text = "Ik ben vergeetachtig geworden na mijn herseninfarct"
    assert phone.zegt(text) == (
        RecordAnswer(afspraak_id=1, gegevens=antwoord(Antwoord.JA, Doel.ANDERS, Soort.FOTO, toelichting=text)),
    )


@pytest.mark.parametrize("text", ["Zeg ik liever niet", "nee zeg ik niet", "dat gaat u niets aan"])
def test_rather_not_say_is_an_answer_to_waarvoor(text: str) -> None:
    phone = Telefoon(A)
    phone.zegt("ja")
    assert phone.zegt(text) == (RecordAnswer(afspraak_id=1, gegevens=antwoord(Antwoord.JA, Doel.LIEVER_NIET)),)


@pytest.mark.parametrize("text", ["nee hoor", "liever niet", "hoeft niet", "weet ik nog niet", "nee dank u"])
def test_what_may_answer_waarvoor_or_take_back_the_ja_is_asked(text: str) -> None:
    phone = Telefoon(A)
    phone.zegt("ja")
    assert phone.zegt(text) == (Clarify(afspraak_id=1),)
    assert phone.zegt(text) == (RecordAnswer(afspraak_id=1, gegevens=antwoord(read(text).antwoord or Antwoord.JA)),)


@pytest.mark.parametrize(
    ("text", "woord"), [("NEE", Antwoord.NEE), ("nee", Antwoord.NEE), ("WEET NIET", Antwoord.WEET_NIET)]
)
def test_a_firm_word_is_clear_also_after_waarvoor(text: str, woord: Antwoord) -> None:
    phone = Telefoon(A)
    phone.zegt("ja")
    assert phone.zegt(text) == (RecordAnswer(afspraak_id=1, gegevens=antwoord(woord)),)


def test_a_free_text_a_day_later_is_no_purpose() -> None:
    phone = Telefoon(A)
    phone.zegt("ja")
    assert phone.zegt("De hond is weg en wij zoeken hem", later=timedelta(hours=25)) == (Clarify(afspraak_id=1),)


def test_a_kind_told_later_is_added_and_a_repeated_ja_wipes_nothing() -> None:
    phone = Telefoon(A)
    phone.zegt("ja voor mijn advocaat")
    phone.zegt("ook video", later=timedelta(days=2))
    whole = antwoord(Antwoord.JA, Doel.DESKUNDIGE, Soort.VIDEO)
    assert phone.afspraken[1].huidig == whole
    assert phone.zegt("ja") == (RecordAnswer(afspraak_id=1, gegevens=whole),)


def test_thanks_after_an_answer_get_no_reply() -> None:
    phone = Telefoon(A)
    phone.zegt("ja")
    for text in ("Bedankt!", "ok", "👍", "prima, fijne dag"):
        assert phone.zegt(text) == (Silence(waarom="beleefd"),)


def test_thanks_before_an_answer_get_no_reply_but_an_ok_is_asked() -> None:
    phone = Telefoon(A)
    assert phone.zegt("bedankt") == (Silence(waarom="beleefd"),)
    assert phone.zegt("ok") == (Clarify(afspraak_id=1),)


# Unclear.


def test_one_question_then_a_person_then_silence() -> None:
    phone = Telefoon(A)
    assert phone.zegt("ja nee") == (Clarify(afspraak_id=1),)
    assert phone.zegt("tja de buurman zegt van alles") == (
        Worklist(afspraak_id=1, reden=Reden.ONDUIDELIJK),
        PassOn(afspraak_id=1),
    )
    assert phone.zegt("hm") == (Worklist(afspraak_id=1, reden=Reden.ONDUIDELIJK),)


def test_a_clear_answer_after_the_question_starts_afresh() -> None:
    phone = Telefoon(A)
    phone.zegt("ja nee")
    assert phone.zegt("nee") == (RecordAnswer(afspraak_id=1, gegevens=NEE),)
    assert phone.zegt("wablief") == (Clarify(afspraak_id=1),)


def test_what_only_a_person_can_read_goes_there_at_once() -> None:
    assert Telefoon(A).zegt("Ik ben ziek, kan de afspraak verzet worden?") == (
        Worklist(afspraak_id=1, reden=Reden.PERSOON),
        PassOn(afspraak_id=1),
    )


def test_an_answer_with_a_question_is_recorded_and_read_by_a_person() -> None:
    assert Telefoon(A).zegt("Ja. Mag mijn zoon ook mee?") == (
        RecordAnswer(afspraak_id=1, gegevens=JA),
        Worklist(afspraak_id=1, reden=Reden.VRAAG),
    )


# Several appointments on one phone.


def test_the_code_decides() -> None:
    assert Telefoon(A, B).zegt("nee 4p") == (RecordAnswer(afspraak_id=2, gegevens=NEE),)


def test_without_a_code_it_is_asked_and_what_was_said_is_remembered() -> None:
    phone = Telefoon(A, B)
    assert phone.zegt("Ja, geluid, voor thuis") == (AskWhich(keuzes=(1, 2)),)
    assert phone.zegt("2") == (
        RecordAnswer(afspraak_id=2, gegevens=antwoord(Antwoord.JA, Doel.NALUISTEREN, Soort.GELUID)),
    )
    assert phone.stand.onthouden is None


@pytest.mark.parametrize("text", ["7K", "1", "nummer 1", "de eerste", "1 graag", "1 bedankt", "1️⃣"])
def test_ways_to_point_at_the_first(text: str) -> None:
    phone = Telefoon(A, B)
    phone.zegt("nee")
    assert phone.zegt(text) == (RecordAnswer(afspraak_id=1, gegevens=NEE),)


def test_the_newest_answer_wins_from_what_was_remembered() -> None:
    phone = Telefoon(A, B)
    phone.zegt("ja")
    assert phone.zegt("2 nee") == (RecordAnswer(afspraak_id=2, gegevens=NEE),)


def test_both_at_once() -> None:
    both = (RecordAnswer(afspraak_id=1, gegevens=JA), RecordAnswer(afspraak_id=2, gegevens=JA))
    for text in ("beide", "1 en 2", "allebei"):
        phone = Telefoon(A, B)
        phone.zegt("ja")
        assert phone.zegt(text) == both
    assert Telefoon(A, B).zegt("JA 7K en 4P") == both


def test_a_list_is_never_guessed() -> None:
    phone = Telefoon(A, B)
    phone.zegt("ja")
    assert phone.zegt("3") == (Worklist(afspraak_id=1, reden=Reden.ONDUIDELIJK), PassOn(afspraak_id=1))
    assert all(each.huidig is None for each in phone.afspraken.values())


def test_a_number_means_nothing_when_no_list_was_sent() -> None:
    assert Telefoon(A, B).zegt("2 ja") == (AskWhich(keuzes=(1, 2)),)


def test_the_place_in_the_list_stays_what_was_sent() -> None:
    """An appointment that was planned in between does not shift the numbers."""
    phone = Telefoon(A, B)
    phone.zegt("ja")
    phone.afspraken[3] = replace(A, id=3, korte_code="2B", start_op=NU + timedelta(hours=5))
    assert phone.zegt("1") == (RecordAnswer(afspraak_id=1, gegevens=JA),)


def test_a_chosen_appointment_that_is_gone_is_not_guessed_around() -> None:
    phone = Telefoon(A, B, replace(A, id=3, korte_code="2B"))
    phone.zegt("ja")
    phone.afspraken[phone.stand.keuzes[0]] = replace(phone.afspraken[phone.stand.keuzes[0]], gesloten="geannuleerd")
    steps = phone.zegt("1")
    assert not any(isinstance(step, RecordAnswer) for step in steps)


def test_saying_ja_again_without_which_is_asked_once_more_and_then_read() -> None:
    phone = Telefoon(A, B)
    assert phone.zegt("ja") == (AskWhich(keuzes=(1, 2)),)
    assert phone.zegt("JA") == (AskWhich(keuzes=(1, 2)),)
    assert phone.zegt("JA!!") == (Worklist(afspraak_id=1, reden=Reden.ONDUIDELIJK), PassOn(afspraak_id=1))


def test_a_choice_without_an_answer_is_asked_about_that_one() -> None:
    phone = Telefoon(A, B)
    assert phone.zegt("hallo, ik heb uw bericht gezien") == (AskWhich(keuzes=(1, 2)),)
    assert phone.zegt("2") == (Clarify(afspraak_id=2),)
    assert phone.zegt("ja") == (RecordAnswer(afspraak_id=2, gegevens=JA),)


def test_the_purpose_belongs_to_the_one_just_answered() -> None:
    phone = Telefoon(A, B)
    phone.zegt("ja 4P")
    assert phone.zegt("voor mijn advocaat") == (
        RecordAnswer(afspraak_id=2, gegevens=antwoord(Antwoord.JA, Doel.DESKUNDIGE)),
    )


def test_a_list_holds_what_fits() -> None:
    many = [
        replace(A, id=number, korte_code=f"{number}Z", start_op=NU + timedelta(days=number)) for number in range(1, 12)
    ]
    assert Telefoon(*many).zegt("ja") == (AskWhich(keuzes=tuple(range(1, dialogue.MAX_KEUZES + 1))),)


# Codes of others.


def test_a_code_of_another_phone_changes_nothing_and_confirms_nothing() -> None:
    assert Telefoon(A).zegt("JA 9Z") == (AskWhich(keuzes=(1,)),)
    assert Telefoon().zegt("JA 9Z") == (NoAppointment(afspraak_id=None),)


def test_guessing_codes_is_met_with_silence() -> None:
    phone = Telefoon(A, B)
    answers = [phone.zegt(f"JA {digit}{letter}") for digit in "2356" for letter in "BCDFG"]
    assert answers[:MAX_VERKEERDE_CODES] == [(AskWhich(keuzes=(1, 2)),)] * MAX_VERKEERDE_CODES
    assert answers[MAX_VERKEERDE_CODES] == (Worklist(afspraak_id=1, reden=Reden.CODES),)
    assert set(answers[MAX_VERKEERDE_CODES + 1 :]) == {(Silence(waarom="verkeerde_codes"),)}
    assert all(each.huidig is None for each in phone.afspraken.values())
    assert phone.zegt("NEE 7K") == (RecordAnswer(afspraak_id=1, gegevens=NEE),)


def test_guessing_codes_without_an_appointment() -> None:
    phone = Telefoon()
    answers = [phone.zegt(f"JA {digit}{letter}") for digit in "2356" for letter in "BCDFG"]
    assert answers[0] == (NoAppointment(afspraak_id=None),)
    assert all(isinstance(step, Silence) for steps in answers[1:] for step in steps)


def test_the_code_of_their_own_past_appointment_is_not_counted_as_wrong() -> None:
    phone = Telefoon(A, replace(B, gesloten="voorbij"))
    assert phone.zegt("JA 4P") == (AskWhich(keuzes=(1,)),)
    assert phone.stand.verkeerde_codes == 0


# Nothing to answer.


def test_no_appointment_is_told_once() -> None:
    phone = Telefoon()
    assert phone.zegt("ja") == (NoAppointment(afspraak_id=None),)
    assert phone.zegt("hallo??") == (Silence(waarom="al_gezegd"),)


@pytest.mark.parametrize("reden", ["voorbij", "geannuleerd"])
def test_too_late_is_told_neutrally_and_then_read_once(reden: str) -> None:
    phone = Telefoon(replace(A, gesloten=reden))
    assert phone.zegt("ja") == (NoAppointment(afspraak_id=1),)
    assert phone.zegt("ik wil iets vragen") == (Worklist(afspraak_id=1, reden=Reden.NIET_MEER),)
    assert phone.zegt("hallo") == (Silence(waarom="al_gezegd"),)


def test_a_signed_appointment_takes_no_answer_by_sms() -> None:
    assert Telefoon(replace(A, gesloten="ondertekend")).zegt("nee") == (TooLate(afspraak_id=1),)


def test_a_new_appointment_opens_the_conversation_again() -> None:
    phone = Telefoon(replace(A, gesloten="voorbij"))
    for text in ("ja", "hallo", "hallo"):
        phone.zegt(text)
    phone.afspraken[2] = B
    assert phone.zegt("wablief") == (Clarify(afspraak_id=2),)


# Commands.


def test_commands() -> None:
    phone = Telefoon(A)
    assert phone.zegt("REGELS") == (SendRules(afspraak_id=1),)
    assert phone.zegt("hulp") == (SendHelp(afspraak_id=1),)
    assert phone.zegt("STOP") == (OptOut(afspraak_id=1),)
    assert phone.zegt("START") == (OptIn(afspraak_id=1),)
    assert Telefoon().zegt("REGELS") == (SendRules(afspraak_id=None),)


def test_rules_in_between_leave_the_question_open() -> None:
    phone = Telefoon(A, B)
    phone.zegt("ja")
    phone.zegt("regels")
    assert phone.zegt("2") == (RecordAnswer(afspraak_id=2, gegevens=JA),)


def test_an_answer_and_the_rules_in_one_text() -> None:
    assert Telefoon(A).zegt("ja, en stuur de regels") == (
        RecordAnswer(afspraak_id=1, gegevens=JA),
        SendRules(afspraak_id=1),
    )


# No loops.


def test_a_machine_gets_no_answer() -> None:
    assert Telefoon(A).zegt("Automatisch antwoord: ik ben er niet") == (Silence(waarom="automatisch"),)


def test_the_cap_of_a_day_records_in_silence() -> None:
    phone = Telefoon(A)
    for _ in range(MAX_PER_DAG // 2):
        phone.zegt("ja")
        phone.zegt("NEE")
    assert phone.zegt("ja") == (RecordAnswer(afspraak_id=1, gegevens=JA, bevestig=False),)
    assert phone.zegt("regels") == (Silence(waarom="daglimiet"),)
    assert phone.zegt("ja nee") == (Worklist(afspraak_id=1, reden=Reden.ONDUIDELIJK),)
    assert phone.zegt("STOP") == (OptOut(afspraak_id=1, bevestig=False),)
    assert phone.zegt("regels", later=timedelta(days=1)) == (SendRules(afspraak_id=1),)


def test_a_conversation_of_long_ago_is_forgotten() -> None:
    phone = Telefoon(A, B)
    phone.zegt("ja")
    assert phone.zegt("2", later=timedelta(days=2)) == (AskWhich(keuzes=(1, 2)),)
    assert phone.stand.onthouden is None
