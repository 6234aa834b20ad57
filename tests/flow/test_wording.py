"""The wording that ships: complete, payable, neutral, and filled in to the last field."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal, Soort
from afspraken.flow import answer, berichten
from afspraken.flow.log import CLIENT
from afspraken.models import SmsGesprek, SpelregelsVersie, Team
from notifications import api as post
from notifications import jobs
from tests.builders import NU, maak_afspraak, maak_team

KINDS = [(kind.name, channel, language) for kind in post.kinds() for channel, language in kind.defaults]
NEEDED = ("uitnodiging", "herinnering", "ontvangstbevestiging", "verplaatst", "geannuleerd", "kopie_formulier")


def test_every_needed_kind_has_dutch_and_english_on_both_channels() -> None:
    for name in NEEDED:
        for channel in post.Channel:
            for language in ("nl", "en"):
                assert (channel, language) in post.kind(name).defaults
    assert (post.Channel.SMS, "nl") in post.kind("onduidelijk").defaults


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "channel", "language"), KINDS)
def test_a_default_passes_the_check_a_coordinator_would_meet(name: str, channel: post.Channel, language: str) -> None:
    wording = post.kind(name).defaults[channel, language]
    checked = post.templates.check(
        kind=name, channel=channel, language=language, subject=wording.subject, body=wording.body
    )
    assert checked.problems == ()
    if channel is post.Channel.SMS:
        assert checked.segments is not None
        assert checked.segments.encoding == "GSM-7"
        assert checked.segments.segments <= post.kind(name).max_segments


@pytest.fixture
def sent(db: None, time_machine: object) -> list[post.ConsoleMessage]:
    time_machine.move_to(NU, tick=False)  # type: ignore[attr-defined]
    maak_team("wmo", naam="Team Wmo", clientondersteuning="U kunt gratis hulp krijgen van MEE. Bel 088 123 45 67.")
    afspraak = maak_afspraak(client_naam="A. Jansen ((link)) <b>")
    jobs.drain()
    gegevens = Antwoordgegevens(antwoord=Antwoord.JA, soorten=frozenset({Soort.GELUID}), doel=Doel.DELEN)
    answer.record_antwoord(
        afspraak_id=afspraak.pk, gegevens=gegevens, kanaal=Kanaal.WEB, taal="nl", actor=CLIENT, now=NU
    )
    jobs.drain()
    return list(post.console_messages(limit=20))


def test_what_went_out_has_no_field_left_and_the_link_of_the_municipality(sent: list[post.ConsoleMessage]) -> None:
    assert len(sent) >= 3
    for message in sent:
        text = message.text.replace("((link)) <b>", "")
        assert "((" not in text
        assert f"{settings.PUBLIC_URL}/v/" in text
        assert "14 012" in text


def test_the_mail_holds_all_seven_rules_to_the_letter(sent: list[post.ConsoleMessage]) -> None:
    mail = next(m for m in sent if m.channel is post.Channel.EMAIL and "opnemen?" in m.subject)
    sheet = SpelregelsVersie.objects.get()
    rules = re.findall(r"^\d\. .*$", sheet.tekst, flags=re.MULTILINE)
    assert len(rules) == 7
    for rule in rules:
        assert rule in mail.text
        assert rule.split(". ", 1)[1].replace("'", "&#x27;")[:60] in mail.html
    assert mail.html.count("<li>") >= 7
    assert any(a.filename == "afspraak.ics" for a in mail.attachments)
    assert "MEE" in mail.text


def test_a_value_is_never_expanded_again_and_never_html(sent: list[post.ConsoleMessage]) -> None:
    mail = next(m for m in sent if m.channel is post.Channel.EMAIL)
    assert "A. Jansen ((link)) <b>" in mail.text
    assert "<b>" not in mail.html


def test_the_receipt_says_back_what_was_told(sent: list[post.ConsoleMessage]) -> None:
    receipt = next(m for m in sent if "genoteerd" in m.text.casefold())
    assert "u wilt opnemen" in receipt.text


@pytest.mark.django_db
def test_the_rules_by_sms_fit_in_four_segments() -> None:
    team = maak_team("wmo")
    sheet = berichten.geldende_spelregels(team.pk)
    assert sheet is not None
    for taal in ("nl", "en"):
        text = f"{berichten.sheet_short(sheet, taal)} {berichten.hulp(team, taal)}"
        count = post.count_segments(text)
        assert (count.encoding, count.segments <= 4) == ("GSM-7", True), (taal, count)


@pytest.mark.django_db
def test_a_list_of_meetings_shows_no_names() -> None:
    first, second = maak_afspraak(client_naam="Geheim Een"), maak_afspraak(client_naam="Geheim Twee")
    gesprek = SmsGesprek.objects.create(nummer_index="x", keuzes=[first.pk, second.pk], bijgewerkt_op=NU)
    rendering = berichten.context(f"gesprek/{gesprek.pk}", "welke_afspraak", 1)
    assert rendering is not None
    assert "1: vr 27 nov 10.00, 2: vr 27 nov 10.00" in rendering.values["keuzes"]
    assert "Geheim" not in repr(rendering)


@pytest.mark.django_db
def test_two_meetings_on_one_phone_get_a_code() -> None:
    first = maak_afspraak()
    alone = berichten.context(first.onderwerp_sleutel, "uitnodiging", 1)
    assert alone is not None
    assert alone.values["ja"] == "JA"


@pytest.mark.django_db
def test_english_clients_get_english_and_others_dutch() -> None:
    Team.objects.all()
    for taal, word in (("en", "YES"), ("ti", "JA"), ("nl", "JA")):
        afspraak = maak_afspraak(client_taal=taal, client_mobiel=f"+3161234567{len(taal) + ord(taal[0]) % 7}")
        rendering = berichten.context(afspraak.onderwerp_sleutel, "uitnodiging", 1)
        assert rendering is not None
        assert rendering.values["ja"].startswith(word)
