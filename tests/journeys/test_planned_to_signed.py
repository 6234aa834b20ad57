"""The whole road: planned, invited on both channels, answered on the page, seen, signed by both, copied."""

from __future__ import annotations

import subprocess

from afspraken.domain.lifecycle import Status
from afspraken.models import FormulierStatus, LogRegel, SpelregelsVersie
from tests.journeys.road import EMAIL, Road
from tests.web.client_steps import text_of


def test_planned_to_signed(road: Road) -> None:
    road.plan()
    road.work()
    invitation, mail = road.received()[-1], road.received(EMAIL)[-1]
    link = f"http://testserver/v/{road.phone().token}"
    assert link in invitation.text
    assert link in mail.text
    assert mail.text.count("\n\n") > 8
    sheet = SpelregelsVersie.objects.get()
    for line in sheet.tekst.splitlines():
        if line[:2] in {f"{n}." for n in range(1, 8)}:
            assert line in mail.text

    phone = road.phone()
    assert "A. Jansen" not in phone.open()
    check = phone.answer("ja", ("geluid",), "deskundige")
    done = text_of(phone.send(check))
    assert "opnemen" in done
    road.work()
    assert "wilt opnemen" in road.texts()[-1]

    desk = road.desk()
    daylist = road.daylist(desk)
    assert "A. Jansen" in daylist
    assert "Wil opnemen" in daylist
    assert "laten horen aan een deskundige" in daylist
    afspraak = road.afspraak()
    page = desk.open(f"/werk/daglijst/{road.start.date().isoformat()}")
    page = desk.press(page, f"/werk/afspraak/{afspraak.pk}/gezien")
    assert "gezien door" in text_of(page)

    road.at(road.start)
    desk = road.desk()
    page, formulier = road.open_form(desk)
    page = road.sign_both(desk, page, formulier)
    formulier.refresh_from_db()
    assert formulier.status == FormulierStatus.ONDERTEKEND.value
    assert road.afspraak().staat is Status.ONDERTEKEND
    hashes = set(formulier.handtekeningen.values_list("inhoud_hash", flat=True))
    assert hashes == {formulier.inhoud_hash}

    pdf = desk.client.get(f"/werk/formulier/{formulier.pk}/pdf")
    assert pdf["Content-Type"] == "application/pdf"
    shown = subprocess.run(["pdftotext", "-", "-"], input=pdf.content, capture_output=True, check=True)
    text = " ".join(shown.stdout.decode().split())
    assert "Het is niet toegestaan een opname van een met een gemeentelijk medewerker gevoerd gesprek" in text
    assert "A. Jansen" in text
    assert "Bo de Boer" in text or "B. de Boer" in text

    road.work()
    copies = [m for m in (*road.received(), *road.received(EMAIL)) if "formulier" in m.text.casefold()]
    assert copies
    again = phone.browser.get(phone.url("formulier.pdf"))
    assert again.content == pdf.content

    seen = road.seen_by_planner()
    assert seen["voornemen"]["antwoord"] == "ja"
    log = repr(list(LogRegel.objects.values()))
    assert "Jansen" not in log
    assert "612345678" not in log
