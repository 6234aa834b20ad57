"""Rules sheets, timing, delivery, worklist and the switch, as a coordinator uses them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

from afspraken.domain.spelregels import fingerprint
from afspraken.models import Client as Clientrij
from afspraken.models import SpelregelsStatus, SpelregelsVersie, Team, TeamInstellingen, Werkpunt
from afspraken.web.coordinator import bezorging
from notifications import api as post
from notifications import jobs
from notifications.models import Message
from tests.builders import NU, maak_afspraak
from tests.web.beheer_wereld import BLAD, Wereld, ingelogd, maak_wereld, maak_werkpunt

EVIL = '"><img src=x onerror=alert(1)>'


@pytest.fixture(autouse=True)
def wereld(time_machine: Any, db: None) -> Wereld:
    time_machine.move_to(NU, tick=False)
    return maak_wereld()


def text(content: bytes) -> str:
    """What a reader gets: no tags, single spaces."""
    page = re.sub(r"<[^>]+>", " ", content.decode()).replace("&#x27;", "'").replace("&quot;", '"')
    return " ".join(page.split())


def page(path: str, account: str = "coordinator1") -> str:
    return text(ingelogd(account).get(f"/beheer/{path}").content)


# --- Rules sheets ---------------------------------------------------------------------------------


def sheet_form(**values: str) -> dict[str, str]:
    return {"tekst": BLAD, "kort_nl": "U mag opnemen.", "kort_en": "", "vertaling_en": "", "gezien": ""} | values


def test_a_sheet_from_draft_to_force_by_two_people(wereld: Wereld) -> None:
    one, two = ingelogd("coordinator1"), ingelogd("coordinator2")
    pk = wereld.eigen.concept_blad
    url = reverse("beheer:spelregels_publiceren", args=[pk])
    form = {"gezien": re.search(r'name="gezien" value="(\w+)"', two.get(url).content.decode())[1]}  # type: ignore[index]
    assert "U schreef dit concept zelf" in text(one.post(url, form).content)
    assert SpelregelsVersie.objects.get(pk=pk).status == SpelregelsStatus.CONCEPT.value
    assert two.post(url, form).status_code == 302
    row = SpelregelsVersie.objects.get(pk=pk)
    shown = page(f"spelregels/versie/{pk}")
    assert row.vingerafdruk == fingerprint(row.tekst)
    assert row.vingerafdruk in shown
    assert "geldt nu" in shown
    assert "Deze versie staat vast." in shown
    assert "Geldt sinds woensdag 25 november 2026, 10.00 uur" in shown


def test_a_published_sheet_has_no_way_to_be_changed(wereld: Wereld) -> None:
    pk = wereld.eigen.vast_blad
    before = SpelregelsVersie.objects.filter(pk=pk).values().get()
    client = ingelogd("coordinator2")
    for name in ("spelregels_publiceren", "spelregels_weggooien"):
        assert client.post(reverse(f"beheer:{name}", args=[pk]), {"gezien": "x"}).status_code == 302
    with pytest.raises(NoReverseMatch):
        reverse("beheer:spelregels_bewerken", args=[pk, "extra"])
    assert SpelregelsVersie.objects.filter(pk=pk).values().get() == before


def test_the_official_text_is_shown_to_the_letter() -> None:
    shipped = SpelregelsVersie.objects.get(nummer=1, team=None)
    content = ingelogd("coordinator1").get(f"/beheer/spelregels/versie/{shipped.pk}").content.decode()
    assert shipped.tekst.replace("'", "&#x27;") in content
    assert "Gelezen als 7 regels, met ruimte voor handtekeningen." in content


@pytest.mark.parametrize(
    ("change", "zegt"),
    [
        ({"tekst": ""}, "De tekst is leeg."),
        ({"tekst": "Titel\n\nGeen regels"}, "geen genummerde regels"),
        ({"tekst": "Titel\n\n1. Een\n1. Twee"}, "lopen niet door: 1, 1"),
        ({"kort_nl": ""}, "Die krijgt wie REGELS sms't."),
        ({"kort_nl": "Heel lang. " * 70}, "ten hoogste 4 mag"),
        ({"vertaling_en": "Rules\n\n1. One"}, "in de Nederlandse tekst 2"),
    ],
)
def test_what_is_wrong_with_a_sheet_stands_at_its_field(change: dict[str, str], zegt: str) -> None:
    client = ingelogd("vreemde2")
    url = "/beheer/spelregels/werk-en-inkomen/bewerken"
    response = client.post(url, sheet_form(**change))
    assert response.status_code == 200
    assert zegt in text(response.content)
    assert "<title>Fout: " in response.content.decode()


def test_a_colleagues_newer_sheet_is_not_overwritten_unseen(wereld: Wereld) -> None:
    response = ingelogd("coordinator2").post("/beheer/spelregels/wmo/bewerken", sheet_form(kort_nl="Van mij."))
    assert "Een collega heeft dit concept veranderd" in text(response.content)
    assert "Van mij." in text(response.content)
    row = SpelregelsVersie.objects.get(pk=wereld.eigen.concept_blad)
    assert row.vertalingen.get(taal="nl").kort != "Van mij."


# --- Timing ---------------------------------------------------------------------------------------

TIMING = {
    "uitnodiging_werkdagen": "10",
    "herinnering_aan": "on",
    "herinnering_werkdagen": "1",
    "herinnering_tijd": "10.00",
}


def moments(content: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = re.findall(
        r"(\w+dag \d+ \w+ \d{4}, [\d.]+ uur) (Uitnodiging|Herinnering|Gesprek)", content
    )
    return found


def test_the_moments_are_real_ones(wereld: Wereld) -> None:
    """From Wednesday 25 November: the third example lies behind Christmas and New Year."""
    found = moments(page("timing/wmo"))
    assert found[:3] == [
        ("woensdag 25 november 2026, 10.00 uur", "Uitnodiging"),
        ("vrijdag 27 november 2026, 10.00 uur", "Herinnering"),
        ("maandag 30 november 2026, 10.00 uur", "Gesprek"),
    ]
    assert found[-3:] == [
        # Ten working days before 11 January, with 25 December and 1 January off.
        ("donderdag 24 december 2026, 8.00 uur", "Uitnodiging"),
        ("vrijdag 8 januari 2027, 10.00 uur", "Herinnering"),
        ("maandag 11 januari 2027, 10.00 uur", "Gesprek"),
    ]


def test_the_moments_keep_quiet_hours(time_machine: Any) -> None:
    time_machine.move_to(datetime.fromisoformat("2026-11-28T22:30+01:00"), tick=False)
    found = moments(page("timing/wmo"))
    # Saturday night: not on Sunday, so Monday at eight.
    assert found[0] == ("maandag 30 november 2026, 8.00 uur", "Uitnodiging")
    assert "buiten de rustige uren en vrije dagen" in page("timing/wmo")


def test_looking_at_moments_keeps_nothing_and_saving_does(wereld: Wereld) -> None:
    client = ingelogd("coordinator1")
    shown = text(client.post("/beheer/timing/wmo", TIMING | {"uitnodiging_werkdagen": "5", "bekijken": "1"}).content)
    assert "Nog niet bewaard." in shown
    assert ("maandag 4 januari 2027, 8.00 uur", "Uitnodiging") in moments(shown)
    assert not TeamInstellingen.objects.exists()
    off = {key: value for key, value in TIMING.items() if key != "herinnering_aan"}
    assert client.post("/beheer/timing/wmo", off | {"herinnering_tijd": "9:30"}).status_code == 302
    row = TeamInstellingen.objects.get()
    assert (row.herinnering_aan, row.herinnering_tijd.isoformat(), row.medewerker_in_bericht) == (
        False,
        "09:30:00",
        False,
    )
    assert "staat uit" in page("timing/wmo")


@pytest.mark.parametrize(
    ("change", "zegt"),
    [
        ({"uitnodiging_werkdagen": "99"}, "Kies een getal van 0 tot en met 40."),
        ({"uitnodiging_werkdagen": ""}, "Vul een getal in."),
        ({"herinnering_werkdagen": "10"}, "Een herinnering komt na de uitnodiging."),
        ({"herinnering_tijd": "23.00"}, "Kies een tijd tussen 8.00 en 21.00 uur."),
        ({"herinnering_tijd": "half elf"}, "Vul een tijd in, zoals 10.30."),
    ],
)
@pytest.mark.parametrize("bekijken", [{}, {"bekijken": "1"}])
def test_impossible_moments_are_refused(change: dict[str, str], zegt: str, bekijken: dict[str, str]) -> None:
    response = ingelogd("coordinator1").post("/beheer/timing/wmo", TIMING | change | bekijken)
    assert zegt in text(response.content)
    assert not TeamInstellingen.objects.exists()


def test_help_texts_reach_the_next_message(wereld: Wereld) -> None:
    client = ingelogd("coordinator1")
    data = {"telefoon": "0800 123", "loket": "Markt 1", "clientondersteuning": "Gratis hulp: MEE."}
    assert client.post("/beheer/timing/wmo/hulp", data).status_code == 302
    assert Team.objects.get(code="wmo").loket == "Markt 1"
    maak_afspraak(client_naam="Nieuw", client_email="nieuw@example.nl")
    jobs.drain()
    mail = next(m for m in post.console_messages(limit=50) if m.address == "nieuw@example.nl")
    assert "0800 123" in mail.text
    assert "Gratis hulp: MEE." in mail.text
    assert "Vul een telefoonnummer in." in text(client.post("/beheer/timing/wmo/hulp", data | {"telefoon": ""}).content)


# --- Delivery -------------------------------------------------------------------------------------


def fail(**which: Any) -> None:
    Message.objects.filter(scope="wmo", **which).update(
        status=post.Status.UNDELIVERED.value, reason=post.Reason.UNKNOWN_NUMBER.value
    )


def test_every_state_has_its_words() -> None:
    assert {status for groep in bezorging.GROEPEN for status in groep.statussen} == set(post.Status)


def test_figures_reason_and_advice_in_plain_words(wereld: Wereld) -> None:
    jobs.drain()
    fail(channel="sms")
    shown = page("bezorging/")
    assert "Sms: 1 bericht" in shown
    assert "1 Niet bezorgd per sms (100%)" in shown
    assert "Meer dan 3% is niet gewoon." in shown
    assert "Bezorgd is niet hetzelfde als gelezen." in shown
    # The mail to the same client did arrive: nobody has to call.
    assert "Wel aangekomen per e-mail. U hoeft niets te doen." in shown
    Message.objects.filter(scope="wmo", channel="email").delete()
    assert "Dit nummer is niet in gebruik. Controleer het nummer met de cliënt, of stuur een brief." in page(
        "bezorging/?kanaal=sms&status=mislukt"
    )
    assert "A. Jansen" not in page("bezorging/?kanaal=sms&status=bezorgd")
    assert "+31612345678" not in ingelogd("coordinator1").get("/beheer/bezorging/").content.decode()


def test_a_few_failures_are_no_alarm(wereld: Wereld) -> None:
    for number in range(40):
        maak_afspraak(client_mobiel=f"+316123457{number:02}", client_email="")
    jobs.drain()
    one = Message.objects.filter(scope="wmo", channel="sms").values_list("pk", flat=True)[0]
    fail(pk=one)
    assert "is niet gewoon" not in page("bezorging/")


def test_the_board_takes_as_many_queries_for_many_messages(django_assert_num_queries: Any) -> None:
    jobs.drain()
    fail(channel="sms")
    client = ingelogd("coordinator1")
    client.get("/beheer/bezorging/")
    with django_assert_num_queries(10):
        client.get("/beheer/bezorging/")
    for number in range(60):
        maak_afspraak(client_mobiel=f"+316123457{number:02}", client_email=f"a{number}@example.nl")
    jobs.drain()
    fail(channel="sms")
    with django_assert_num_queries(10):
        content = client.get("/beheer/bezorging/").content.decode()
    assert "Volgende" in content
    assert "Vorige" in text(client.get("/beheer/bezorging/?pagina=2").content)


def test_what_is_still_to_come_stands_with_its_moment(time_machine: Any) -> None:
    time_machine.move_to(datetime.fromisoformat("2026-11-25T22:30+01:00"), tick=False)
    maak_afspraak(
        now=NU + timedelta(hours=12, minutes=30), client_naam="Later Vandaag", start_op=NU + timedelta(days=9)
    )
    assert "donderdag 26 november 2026, 8.00 uur : uitnodiging per sms aan Later Vandaag" in page("bezorging/")


def test_a_sender_that_stands_still_is_said_out_loud() -> None:
    assert "geen teken van leven" in page("bezorging/")
    jobs.heartbeat()
    assert "geen teken van leven" not in page("bezorging/")


@pytest.mark.parametrize("query", ["?pagina=0", "?pagina=-1", "?pagina=x", "?status=x&kanaal=fax", "?pagina=99999"])
def test_odd_filters_break_nothing(query: str) -> None:
    assert ingelogd("coordinator1").get(f"/beheer/bezorging/{query}").status_code == 200


# --- Worklist -------------------------------------------------------------------------------------


def test_the_oldest_comes_first_and_is_handled_with_a_note(wereld: Wereld) -> None:
    newer = maak_werkpunt(naam="Later Gekomen")
    Werkpunt.objects.filter(pk=newer.pk).update(aangemaakt_op=NU + timedelta(minutes=1))
    shown = page("werkvoorraad/")
    assert shown.index("A. Jansen") < shown.index("Later Gekomen")
    client = ingelogd("coordinator1")
    url = f"/beheer/werkvoorraad/{wereld.eigen.werkpunt}"
    assert "Schrijf kort op wat u heeft gedaan" in text(client.post(url, {"notitie": " "}).content)
    assert client.post(url, {"notitie": f"Gebeld {EVIL}"}).status_code == 302
    again = text(client.post(url, {"notitie": "Nog eens"}, follow=True).content)
    assert "Een collega had dit al afgehandeld." in again
    done = client.get("/beheer/werkvoorraad/?klaar=1").content.decode()
    assert EVIL not in done
    assert f"Gebeld {EVIL}" in text(done.encode()).replace("&lt;", "<").replace("&gt;", ">")
    assert "A. Jansen" not in page("werkvoorraad/")
    assert "1 punt wacht" in page("")


def test_the_clients_own_words_are_shown_as_text(wereld: Wereld) -> None:
    woorden = f"Wie luistert er mee? {EVIL} {{{{ 7*7 }}}}"
    post.receive_sms(
        vendor="test", vendor_id="1", sender="+31612345678", recipient="+3197010200000", body=woorden, now=NU
    )
    inbound = post.inbound_messages(limit=1)[0]
    Werkpunt.objects.filter(pk=wereld.eigen.werkpunt).update(sleutel=f"sms/{inbound.id}")
    content = ingelogd("coordinator1").get(f"/beheer/werkvoorraad/{wereld.eigen.werkpunt}").content.decode()
    assert EVIL not in content
    assert "Wie luistert er mee? &quot;&gt;&lt;img" in content
    assert "{{ 7*7 }}" in content


def test_names_that_bite_do_not(wereld: Wereld) -> None:
    Clientrij.objects.update(naam=EVIL)
    Team.objects.filter(code="wmo").update(naam=EVIL)
    jobs.drain()
    client = ingelogd("coordinator1")
    for path in ("", "werkvoorraad/", f"werkvoorraad/{wereld.eigen.werkpunt}", "bezorging/", "timing/", "spelregels/"):
        assert "<img src=x" not in client.get(f"/beheer/{path}").content.decode(), path


# --- The switch -----------------------------------------------------------------------------------


@pytest.mark.parametrize("account", ["coordinator1", "beheerder"])
def test_everything_stops_and_every_page_says_so(account: str) -> None:
    client = ingelogd(account)
    client.post("/beheer/pauze", {"wat": "pauzeren"})
    paused = post.sending_paused()
    assert paused is not None
    assert paused.by == account
    assert f"alle berichten staan stil sinds woensdag 25 november 2026, 10.00 uur, door {account}" in page("sjablonen/")
    # Asked for by name: a second click on the same button does not start it again.
    client.post("/beheer/pauze", {"wat": "pauzeren"})
    assert post.sending_paused() is not None
    client.post("/beheer/pauze", {"wat": "iets anders"})
    assert post.sending_paused() is not None
    client.post("/beheer/pauze", {"wat": "hervatten"})
    assert post.sending_paused() is None
