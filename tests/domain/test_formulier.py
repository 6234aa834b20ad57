"""The content of a form: filled in, one canonical text, and when it can be signed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraken.domain import formulier as regels
from afspraken.domain.formulier import Blad, Gesprek, Gevolg, Inhoud, Opname, Stand, Toestemming
from afspraken.domain.spelregels import fingerprint
from afspraken.domain.voornemen import Antwoord, Doel, Kanaal, Soort
from afspraken.models import FormulierStatus
from afspraken.models import Toestemming as ToestemmingKolom
from project.env import BASE_DIR

TEKST = (BASE_DIR / "afspraken" / "data" / "spelregels-1-nl.txt").read_text(encoding="utf-8")
START = datetime(2026, 12, 3, 9, tzinfo=UTC)
BLAD = Blad(versie=1, vingerafdruk=fingerprint(TEKST), tekst=TEKST)


def make(**opname: Any) -> Inhoud:
    values: dict[str, Any] = {"antwoord": Antwoord.JA, "kanaal": Kanaal.WEB, "volgnummer": 1, **opname}
    return regels.prefill(
        versie=1,
        gemeente="Gemeente Voorbeeld",
        gesprek=Gesprek(start_op=START, client_naam="A. Jansen", medewerker_naam="B. de Boer", plaats="Markt 1"),
        opname=Opname(**values),
        spelregels=BLAD,
    )


NAMEN = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
INHOUDEN = st.builds(
    Inhoud,
    versie=st.integers(1, 99),
    gemeente=NAMEN,
    gesprek=st.builds(
        Gesprek,
        start_op=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001
            lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
        ),
        client_naam=NAMEN,
        medewerker_naam=NAMEN,
        vorm=st.sampled_from(["balie", "huisbezoek", "telefoon", "beeldbellen"]),
        plaats=NAMEN,
    ),
    opname=st.builds(
        Opname,
        antwoord=st.none() | st.sampled_from(Antwoord),
        soorten=st.frozensets(st.sampled_from(Soort)),
        doel=st.none() | st.sampled_from(Doel),
        toelichting=NAMEN,
        kanaal=st.none() | st.sampled_from(Kanaal),
        volgnummer=st.integers(0, 9),
    ),
    spelregels=st.builds(Blad, versie=st.integers(1, 9), vingerafdruk=NAMEN, tekst=NAMEN),
    toestemming=st.sampled_from(Toestemming),
    voorwaarden=NAMEN,
)


def shuffled(value: Any) -> Any:
    """The same content with the keys of every level in the opposite order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(value)}
    return value


@given(INHOUDEN)
def test_the_order_of_keys_does_not_matter(inhoud: Inhoud) -> None:
    content = inhoud.as_dict()
    assert regels.canonical(shuffled(content)) == regels.canonical(content)


@given(INHOUDEN)
def test_content_survives_being_kept(inhoud: Inhoud) -> None:
    kept = json.loads(json.dumps(inhoud.as_dict()))
    assert Inhoud.from_dict(kept) == inhoud
    assert regels.content_hash(kept) == regels.content_hash(inhoud.as_dict())


@given(INHOUDEN, INHOUDEN)
def test_equal_hash_means_equal_content(one: Inhoud, other: Inhoud) -> None:
    same = regels.content_hash(one.as_dict()) == regels.content_hash(other.as_dict())
    assert same == (one == other)


def leaves(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if isinstance(value, dict):
        return [leaf for key in value for leaf in leaves(value[key], (*path, key))]
    return [path]


@pytest.mark.parametrize("path", leaves(make().as_dict()), ids=".".join)
def test_any_change_changes_the_hash(path: tuple[str, ...]) -> None:
    content = make().as_dict()
    holder = content
    for key in path[:-1]:
        holder = holder[key]
    old = holder[path[-1]]
    holder[path[-1]] = old + 1 if isinstance(old, int) else [*old, "foto"] if isinstance(old, list) else f"{old}."
    assert regels.content_hash(content) != regels.content_hash(make().as_dict())


def test_the_canonical_text_is_plain_ascii_without_spaces_between_parts() -> None:
    text = regels.canonical({"b": "é", "a": [1, "x y"]})
    assert text == '{"a":[1,"x y"],"b":"\\u00e9"}'


def test_prefilled_from_appointment_answer_and_the_sheet_to_the_letter() -> None:
    inhoud = make(soorten=frozenset({Soort.FOTO, Soort.GELUID}), doel=Doel.DESKUNDIGE, toelichting="mijn advocaat")
    assert inhoud.as_dict()["spelregels"]["tekst"] == TEKST
    assert regels.kern(inhoud) == {
        "Naam cliënt": "A. Jansen",
        "Gesprek": "donderdag 3 december 2026, 10.00 uur",
        "Plaats": "Markt 1",
        "Gesprek met": "B. de Boer",
        "Opname": "Wil opnemen",
        "Soort opname": "geluid en foto",
        "Doel van de opname": "laten horen aan een deskundige: mijn advocaat",
        "Spelregels": "versie 1",
    }


def test_a_client_who_will_not_record_has_no_kind_or_purpose_on_the_form() -> None:
    assert set(regels.kern(make(antwoord=Antwoord.NEE))) == {
        "Naam cliënt",
        "Gesprek",
        "Plaats",
        "Gesprek met",
        "Opname",
        "Spelregels",
    }


@pytest.mark.parametrize(
    ("opname", "reden"),
    [
        ({}, ""),
        ({"doel": Doel.DESKUNDIGE}, ""),
        ({"antwoord": Antwoord.NEE}, "geen_opname_gemeld"),
        ({"antwoord": Antwoord.WEET_NIET}, "geen_opname_gemeld"),
        ({"antwoord": Antwoord.INGETROKKEN}, "geen_opname_gemeld"),
        ({"antwoord": None, "kanaal": None, "volgnummer": 0}, "geen_opname_gemeld"),
        ({"doel": Doel.DELEN}, "toestemming_open"),
    ],
)
def test_when_a_client_can_sign(opname: dict[str, Any], reden: str) -> None:
    bezwaar = regels.client_cannot_sign(Stand.OPEN, make(**opname))
    assert (bezwaar.reden if bezwaar else "") == reden


@pytest.mark.parametrize("toestemming", [Toestemming.JA, Toestemming.NEE, Toestemming.VOORWAARDEN])
def test_every_answer_to_rule_three_makes_the_form_ready(toestemming: Toestemming) -> None:
    """Nee included: then the form says that the client keeps the recording to themselves, and both sign that."""
    ready = replace(make(doel=Doel.DELEN), toestemming=toestemming)
    assert regels.client_cannot_sign(Stand.OPEN, ready) is None
    assert regels.medewerker_cannot_sign(Stand.CLIENT_GETEKEND, ready) is None


@pytest.mark.parametrize(
    ("stand", "client", "medewerker"),
    [
        (Stand.OPEN, "", "client_eerst"),
        (Stand.CLIENT_GETEKEND, "al_getekend", ""),
        (Stand.ONDERTEKEND, "ondertekend", "ondertekend"),
        (Stand.CLIENT_TEKENT_NIET, "client_tekent_niet", "client_tekent_niet"),
        (Stand.GEEN_OPNAME, "geen_opname", "geen_opname"),
        (Stand.VERVALLEN, "vervallen", "vervallen"),
    ],
)
def test_who_can_sign_in_which_state(stand: Stand, client: str, medewerker: str) -> None:
    for check, wanted in ((regels.client_cannot_sign, client), (regels.medewerker_cannot_sign, medewerker)):
        bezwaar = check(stand, make())
        assert (bezwaar.reden if bezwaar else "") == wanted


@pytest.mark.parametrize(
    ("stand", "gevolg"),
    [
        (Stand.OPEN, Gevolg.AANPASSEN),
        (Stand.CLIENT_GETEKEND, Gevolg.NIEUWE_VERSIE),
        (Stand.ONDERTEKEND, Gevolg.NIET_MOGELIJK),
        (Stand.GEEN_OPNAME, Gevolg.NIET_MOGELIJK),
    ],
)
def test_what_a_change_does(stand: Stand, gevolg: Gevolg) -> None:
    old, new = make().as_dict(), make(doel=Doel.PRIVEKRING).as_dict()
    assert regels.effect_of_change(stand, old, new) is gevolg
    assert regels.effect_of_change(stand, old, old) is Gevolg.NIETS


def test_a_newer_answer_a_move_or_another_name_undoes_a_signature() -> None:
    signed = make()
    assert regels.lapsed_by(signed, signed) == ""
    assert "ander antwoord" in regels.lapsed_by(signed, make(volgnummer=2))
    moved = replace(signed, gesprek=replace(signed.gesprek, start_op=START + timedelta(hours=1)))
    assert "verplaatst" in regels.lapsed_by(signed, moved)
    renamed = replace(signed, gesprek=replace(signed.gesprek, client_naam="A. Janssen"))
    assert "naam" in regels.lapsed_by(signed, renamed)


def test_another_medewerker_or_a_newer_sheet_undoes_no_signature() -> None:
    signed = make()
    other = replace(
        signed,
        gesprek=replace(signed.gesprek, medewerker_naam="C. Vos"),
        spelregels=replace(BLAD, versie=2, tekst=f"{TEKST} nieuw"),
    )
    assert regels.lapsed_by(signed, other) == ""


def test_an_open_form_follows_the_appointment_and_keeps_what_was_said_at_the_table() -> None:
    old = replace(make(doel=Doel.DELEN), toestemming=Toestemming.VOORWAARDEN, voorwaarden="zonder namen")
    moved = make(doel=Doel.DELEN)
    moved = replace(moved, gesprek=replace(moved.gesprek, start_op=START + timedelta(hours=1)))
    fresh = regels.refreshed(old, moved)
    assert fresh.gesprek.start_op == START + timedelta(hours=1)
    assert (fresh.toestemming, fresh.voorwaarden) == (Toestemming.VOORWAARDEN, "zonder namen")
    table = replace(old, opname=replace(old.opname, toelichting="aan tafel gezegd"))
    assert regels.refreshed(table, moved).opname.toelichting == "aan tafel gezegd"


def test_toestemming_was_given_for_one_purpose_only() -> None:
    old = replace(make(doel=Doel.DELEN), toestemming=Toestemming.JA)
    newer = make(doel=Doel.DELEN, toelichting="op Facebook", volgnummer=2)
    assert regels.refreshed(old, newer).toestemming is Toestemming.NVT


def test_conditions_must_be_named() -> None:
    assert regels.check_toestemming(Toestemming.VOORWAARDEN, "  ")[0].veld == "voorwaarden"
    assert regels.check_toestemming(Toestemming.VOORWAARDEN, "x" * 501)[0].code == "te_lang"
    assert regels.check_toestemming(Toestemming.VOORWAARDEN, "zonder namen") == ()
    assert regels.check_toestemming(Toestemming.NEE, "") == ()


def test_differences_name_the_line_what_it_was_and_what_it_is() -> None:
    old, new = regels.kern(make()), regels.kern(make(doel=Doel.DELEN))
    found = {d.label: (d.was, d.is_nu) for d in regels.differences(old, new)}
    assert found["Doel van de opname"] == ("niet genoemd", "delen met anderen of openbaar maken")
    assert found["Delen met anderen (regel 3)"][0] == ""
    assert set(found) == {"Doel van de opname", "Delen met anderen (regel 3)"}


def test_the_words_of_rules_and_tables_are_the_same() -> None:
    assert [s.value for s in Stand] == FormulierStatus.values
    assert [t.value for t in Toestemming] == ToestemmingKolom.values
