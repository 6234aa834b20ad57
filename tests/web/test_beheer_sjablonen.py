"""The editor: what it says about a text, and the way from draft to use, as two coordinators walk it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from notifications import api as post
from tests.builders import NU, maak_afspraak
from tests.web.beheer_wereld import (
    SMS,
    Wereld,
    ingelogd,
    maak_wereld,
    publiceer_sjabloon,
    schrijf_sjabloon,
)

pytestmark = pytest.mark.django_db

BASIS = "/beheer/sjablonen/uitnodiging/sms/nl/wmo/"
MAIL = "/beheer/sjablonen/uitnodiging/email/nl/wmo/"
MAIL_TEKST = "Beste ((naam)),\n\n((dag)) om ((tijd))\n\n((link))\n\n((spelregels))\n\n((hulp))\n((clientondersteuning))"
SLOT = ("uitnodiging", post.Channel.SMS, "nl", "wmo")


@pytest.fixture(autouse=True)
def wereld(time_machine: Any) -> Wereld:
    time_machine.move_to(NU, tick=False)
    return maak_wereld()


def open_form(client: Client, url: str) -> dict[str, str]:
    """The hidden field of the page, as a browser sends it back."""
    page = client.get(url).content.decode()
    found = re.search(r'name="gezien" value="(\w*)"', page) or re.search(r'name="gezien"', page)
    assert found, page
    return {"gezien": found[1] if found.groups() else ""}


def save(client: Client, tekst: str, **extra: str) -> Any:
    return client.post(f"{BASIS}bewerken", open_form(client, f"{BASIS}bewerken") | {"tekst": tekst} | extra)


def test_from_draft_to_use_by_two_people() -> None:
    one, two = ingelogd("coordinator1"), ingelogd("coordinator2")
    nieuw = SMS + " Tot ziens."
    assert save(one, nieuw).status_code == 302
    before = post.templates.current(*SLOT)
    page = one.get(BASIS).content.decode()
    assert "Een collega bekijkt het en publiceert het." in page
    assert "coordinator2" in page
    assert "vreemde1" not in page
    # The author has no button, and a hand-made POST is refused as well.
    form = open_form(two, f"{BASIS}publiceren")
    assert "Tekst publiceren</button>" not in one.get(f"{BASIS}publiceren").content.decode()
    refused = one.post(f"{BASIS}publiceren", form)
    assert "U schreef dit concept zelf" in refused.content.decode()
    assert post.templates.current(*SLOT) == before
    assert "1 concept van een collega wacht" in two.get("/beheer/").content.decode()
    assert two.post(f"{BASIS}publiceren", form).status_code == 302
    assert post.templates.current(*SLOT).body == nieuw


def test_a_text_that_changed_meanwhile_is_not_published() -> None:
    one, two = ingelogd("coordinator1"), ingelogd("coordinator2")
    save(one, SMS + " Versie een.")
    form = open_form(two, f"{BASIS}publiceren")
    save(one, SMS + " Versie twee.")
    page = two.post(f"{BASIS}publiceren", form).content.decode()
    assert "Dit concept is veranderd nadat u het opende." in page
    assert "Versie twee." in page
    assert "Versie" not in post.templates.current(*SLOT).body
    # The page shows the new text, so its button is about that one.
    again = re.search(r'name="gezien" value="(\w+)"', page)
    assert again
    assert two.post(f"{BASIS}publiceren", {"gezien": again[1]}).status_code == 302
    assert post.templates.current(*SLOT).body.endswith("Versie twee.")


def test_two_writers_do_not_overwrite_each_other_unseen() -> None:
    one, two = ingelogd("coordinator1"), ingelogd("coordinator2")
    form = open_form(two, f"{BASIS}bewerken")
    save(one, SMS + " Van een.")
    response = two.post(f"{BASIS}bewerken", form | {"tekst": SMS + " Van twee."})
    page = response.content.decode()
    assert "coordinator1 heeft dit concept veranderd terwijl u schreef." in page
    assert "Van een." in page
    assert "Van twee." in page
    draft = post.templates.draft(*SLOT)
    assert draft is not None
    assert draft.body.endswith("Van een.")
    # A second try after another mistake still knows what was never seen.
    mistake = two.post(f"{BASIS}bewerken", form | {"tekst": SMS + " ((fout))"}).content.decode()
    assert f'name="gezien" value="{form["gezien"]}"' in mistake or 'name="gezien"' in mistake
    still = re.search(r'name="gezien" value="(\w+)"', mistake)
    assert (still[1] if still else "") == form["gezien"]


@pytest.mark.parametrize(
    ("tekst", "zegt"),
    [
        (SMS + " ((bsn))", "Het veld ((bsn)) bestaat niet. U kunt kiezen uit: ((gemeente))"),
        (SMS.replace("((hulp))", ""), "Het veld ((hulp)) ontbreekt."),
        (SMS + " Doe uw verzoek op tijd.", "Gebruik het woord 'verzoek' niet."),
        (SMS + " Heel veel woorden." * 20, "Maak de tekst korter: ten hoogste 2 sms'jes."),
        ("", "Vul een tekst in."),
    ],
)
def test_a_wrong_text_is_refused_with_its_reason_and_not_lost(tekst: str, zegt: str) -> None:
    response = save(ingelogd("coordinator1"), tekst)
    page = response.content.decode().replace("&#x27;", "'")
    assert response.status_code == 200
    assert "<title>Fout: " in page
    assert zegt in page
    assert 'href="#id_tekst"' in page
    assert tekst in page
    assert post.templates.draft(*SLOT) is None


def count(tekst: str) -> str:
    page = ingelogd("coordinator1").post(f"{BASIS}tellen", {"tekst": tekst}).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("&#x27;", "'").split())


def test_the_count_says_what_a_text_costs() -> None:
    assert count("Hallo").startswith("1 sms : 5 tekens")
    assert count("a" * 160).startswith("1 sms : 160 tekens")
    assert count("a" * 161).startswith("2 sms'jes, kost dubbel : 161 tekens")
    assert count("a" * 307).startswith("3 sms'jes, kost 3 keer zoveel")
    # At the longest realistic value, not at the length of the placeholder.
    assert count("((dag))").startswith(f"1 sms : {len('donderdag 24 september')} tekens")


@pytest.mark.parametrize(
    ("tekst", "zegt"),
    [
        ("Beste cliënt, tot dan.", "De ë in 'cliënt' maakt dit bericht duurder: schrijf 'client'."),
        ("Tot dan 😀", "Het teken 😀 (emoji of bijzonder teken) maakt dit bericht duurder: laat het weg."),
        ("Groet, Łukasz", "De Ł in 'Łukasz' maakt dit bericht duurder"),
        ("((clientondersteuning))", "In het veld ((clientondersteuning)) kan een ë staan."),
    ],
)
def test_the_count_names_the_costly_character_and_the_way_out(tekst: str, zegt: str) -> None:
    said = count(tekst)
    assert zegt in said
    assert "70 in plaats van 160" in said


def test_characters_of_a_word_processor_cost_nothing() -> None:
    """They are replaced before sending, so warning about them would be crying wolf."""
    assert "duurder" not in count("“Hallo” – it’s ok…")


def test_counting_keeps_nothing_and_survives_anything() -> None:
    for tekst in ("", "((", "))((", "{{ settings.SECRET_KEY }}", "{% include 'x' %}", "\x00", "é" * 50_000):
        count(tekst)
    assert post.templates.draft(*SLOT) is None


def test_template_code_is_just_text() -> None:
    """A coordinator's text reaches nothing but the values it is given."""
    tricks = "{{ settings.SECRET_KEY }} {x.__class__} %(x)s"
    assert save(ingelogd("coordinator1"), f"{SMS} {tricks}").status_code == 302
    assert tricks in ingelogd("coordinator1").get(BASIS).content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize(
    "kwaad", ['"><img src=x onerror=alert(1)>', "<script>alert(1)</script>", "javascript:alert(1)"]
)
def test_what_is_typed_never_becomes_markup(kwaad: str) -> None:
    client = ingelogd("coordinator1")
    data = {"onderwerp": kwaad, "tekst": MAIL_TEKST + "\n\n" + kwaad + "\n\nhttps://evil.example/x", "gezien": ""}
    assert client.post(f"{MAIL}bewerken", data).status_code == 302
    for url in (MAIL, f"{MAIL}bewerken", f"{MAIL}publiceren", f"{MAIL}versies", f"{MAIL}versies?van=0&naar=1"):
        page = client.get(url).content.decode()
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert 'href="javascript:' not in page
        assert 'href="https://evil.example' not in page


def test_the_mail_is_shown_as_it_arrives() -> None:
    client = ingelogd("coordinator1")
    client.post(f"{MAIL}bewerken", {"onderwerp": "Gesprek op ((dag))", "tekst": MAIL_TEKST, "gezien": ""})
    page = client.get(MAIL).content.decode()
    assert "Gesprek op donderdag 3 december" in page
    assert "<p>Beste A. Jansen,</p>" in page
    # The page's own policy allows no style of a mail.
    assert "<style" not in page


def test_publishing_shows_what_changes_before_it_does(wereld: Wereld) -> None:
    maak_afspraak()
    schrijf_sjabloon("coordinator1", tekst=SMS.replace("((link))", "((team))"))
    page = ingelogd("coordinator2").get(f"{BASIS}publiceren").content.decode()
    assert "de velden veranderen" in page
    removed, added = page.index("Cliënten krijgen dit gegeven dan niet meer"), page.index("Deze velden zijn nieuw")
    assert removed < page.index("<code>((link))</code>") < added < page.index("<code>((team))</code>")
    assert re.search(r"<del>.*?\(\(link\)\)", page, re.DOTALL)
    assert re.search(r"<ins>.*?\(\(team\)\)", page, re.DOTALL)
    assert "Er staan nu 2 berichten van deze soort klaar." in page or "Er staat nu 1 bericht" in page


def test_versions_are_compared_and_an_old_one_comes_back_as_a_draft(wereld: Wereld) -> None:
    one = ingelogd("coordinator1")
    page = one.get(f"{BASIS}versies?van=1&naar=2").content.decode()
    assert re.search(r"<ins>.*?Dag\.", page, re.DOTALL)
    assert "Gepubliceerd door coordinator2" in page
    assert one.post(f"{BASIS}versies/{wereld.eigen.oud_sjabloon}/terugzetten").status_code == 302
    draft = post.templates.draft(*SLOT)
    assert draft is not None
    assert (draft.body, draft.author) == (SMS, "coordinator1")
    # Another text's version is not one of this text, even when the number exists.
    other = one.post(f"/beheer/sjablonen/herinnering/sms/nl/wmo/versies/{wereld.eigen.oud_sjabloon}/terugzetten")
    assert other.status_code == 404
    foreign = one.post(f"{BASIS}versies/{wereld.ander.oud_sjabloon}/terugzetten")
    assert foreign.status_code == 404


def test_a_draft_is_thrown_away_and_the_text_in_use_stays() -> None:
    before = post.templates.current(*SLOT)
    schrijf_sjabloon("coordinator1", tekst=SMS + " Weg ermee.")
    ingelogd("coordinator2").post(f"{BASIS}weggooien")
    assert post.templates.draft(*SLOT) is None
    assert post.templates.current(*SLOT) == before


def test_the_overview_says_which_text_is_in_use(wereld: Wereld) -> None:
    schrijf_sjabloon("coordinator1", kind="herinnering")
    page = ingelogd("coordinator1").get("/beheer/sjablonen/").content.decode()
    assert "eigen tekst, versie 2" in page
    assert "meegeleverde tekst" in page
    assert "concept van coordinator1" in page


def test_the_overview_takes_as_many_queries_for_many_texts(django_assert_max_num_queries: Any) -> None:
    for kind in ("herinnering", "verplaatst", "onduidelijk"):
        publiceer_sjabloon("coordinator2", schrijf_sjabloon("coordinator1", kind=kind))
    client = ingelogd("coordinator1")
    with django_assert_max_num_queries(8):
        client.get("/beheer/sjablonen/")
