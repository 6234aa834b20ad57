"""Who gets where in /beheer/: every address, every role, own team and another's.

A new address fails until it stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from afspraken.models import LogRegel, Rol
from afspraken.web.coordinator import urls
from notifications import api as post
from tests.builders import NU, maak_gebruiker
from tests.web.beheer_wereld import Helft, Wereld, ingelogd, maak_wereld, schrijf_sjabloon

pytestmark = pytest.mark.django_db

COORDINATOR = frozenset({"coordinator1"})
BEHEERDER = frozenset({"beheerder"})
BEIDE = COORDINATOR | BEHEERDER
ACCOUNTS = ("medewerker1", "coordinator1", "beheerder")

Args = Callable[[Wereld, Helft], list[object]]


def geen(_w: Wereld, _h: Helft) -> list[object]:
    return []


def vak(_w: Wereld, h: Helft) -> list[object]:
    return ["uitnodiging", "sms", "nl", h.team.code]


# name -> (who, what stands in the address, whether that belongs to a team)
MATRIX: dict[str, tuple[frozenset[str], Args, bool]] = {
    "start": (BEIDE, geen, False),
    "pauze": (BEIDE, geen, False),
    "werkvoorraad": (COORDINATOR, geen, False),
    "werkpunt": (COORDINATOR, lambda w, h: [h.werkpunt], True),
    "bezorging": (COORDINATOR, geen, False),
    "sjablonen": (COORDINATOR, geen, False),
    "sjabloon": (COORDINATOR, vak, True),
    "sjabloon_bewerken": (COORDINATOR, vak, True),
    "sjabloon_tellen": (COORDINATOR, vak, True),
    "sjabloon_publiceren": (COORDINATOR, vak, True),
    "sjabloon_weggooien": (COORDINATOR, vak, True),
    "sjabloon_versies": (COORDINATOR, vak, True),
    "sjabloon_terugzetten": (COORDINATOR, lambda w, h: [*vak(w, h), h.oud_sjabloon], True),
    "spelregels": (COORDINATOR, geen, False),
    "spelregels_versie": (COORDINATOR, lambda w, h: [h.concept_blad], True),
    "spelregels_publiceren": (COORDINATOR, lambda w, h: [h.concept_blad], True),
    "spelregels_weggooien": (COORDINATOR, lambda w, h: [h.concept_blad], True),
    "spelregels_bewerken": (COORDINATOR, lambda w, h: [h.team.code], True),
    "timing": (COORDINATOR, geen, False),
    "timing_team": (COORDINATOR, lambda w, h: [h.team.code], True),
    "hulp": (COORDINATOR, lambda w, h: [h.team.code], True),
    "accounts": (BEHEERDER, geen, False),
    "account_nieuw": (BEHEERDER, geen, False),
    "account": (BEHEERDER, lambda w, h: [w.account.pk], False),
    "account_link": (BEHEERDER, lambda w, h: [w.account.pk], False),
    "account_sluiten": (BEHEERDER, lambda w, h: [w.account.pk], False),
    "account_openen": (BEHEERDER, lambda w, h: [w.account.pk], False),
    "teams": (BEHEERDER, geen, False),
    "team_nieuw": (BEHEERDER, geen, False),
    "team": (BEHEERDER, lambda w, h: [h.team.pk], False),
    "medewerkers": (BEHEERDER, geen, False),
    "medewerker_nieuw": (BEHEERDER, geen, False),
    "medewerker": (BEHEERDER, lambda w, h: [w.medewerker.pk], False),
    "medewerker_alias": (BEHEERDER, lambda w, h: [w.medewerker.pk], False),
    "medewerker_alias_weg": (BEHEERDER, lambda w, h: [w.medewerker.pk, w.alias], False),
    "medewerker_samenvoegen": (BEHEERDER, lambda w, h: [w.medewerker.pk], False),
    "sleutels": (BEHEERDER, geen, False),
    "sleutel_nieuw": (BEHEERDER, geen, False),
    "sleutel_intrekken": (BEHEERDER, lambda w, h: [w.sleutel], False),
    "nummers": (BEHEERDER, geen, False),
    "nummers_nieuw": (BEHEERDER, geen, False),
    "nummers_weg": (BEHEERDER, lambda w, h: [w.nummers], False),
    "budgetten": (BEHEERDER, geen, False),
    "budget": (BEHEERDER, lambda w, h: [h.team.code, "sms"], False),
}
# The import tests its own addresses.
ELSEWHERE = "import"


@pytest.fixture
def wereld(time_machine: Any) -> Wereld:
    time_machine.move_to(NU, tick=False)
    return maak_wereld()


def addresses(wereld: Wereld, helft: Helft) -> Iterator[tuple[str, str, frozenset[str], bool]]:
    for name, (who, args, of_team) in MATRIX.items():
        yield name, reverse(f"beheer:{name}", args=args(wereld, helft)), who, of_team


def test_every_address_stands_in_the_matrix() -> None:
    names = {entry.name for entry in urls.urlpatterns if isinstance(entry, URLPattern)}
    assert {name for name in names if name and not name.startswith(ELSEWHERE)} == MATRIX.keys()


@pytest.mark.parametrize("account", ACCOUNTS)
def test_each_role_gets_its_own_pages_and_no_other(wereld: Wereld, account: str) -> None:
    client = ingelogd(account)
    wrong = []
    for name, url, who, _ in addresses(wereld, wereld.eigen):
        response = client.get(url)
        expected = {200, 302, 405} if account in who else {403}
        if response.status_code not in expected:
            wrong.append(f"GET {name}: {response.status_code}")
        if account in who and response.status_code == 200 and "no-store" not in response["Cache-Control"]:
            wrong.append(f"GET {name}: may be left in a cache")
        if account not in who and client.post(url).status_code != 403:
            wrong.append(f"POST {name}")
    assert wrong == []


def test_opening_pages_changes_nothing(wereld: Wereld) -> None:
    before = _state()
    for account in ("coordinator1", "beheerder"):
        client = ingelogd(account)
        for _, url, who, _ in addresses(wereld, wereld.eigen):
            if account in who:
                client.get(url)
                client.head(url)
    assert _state() == before


def _state() -> tuple[object, ...]:
    texts = len(post.templates.overview(["wmo"]))
    return LogRegel.objects.count(), texts, post.sending_paused(), post.added_prefixes(), post.budgets([], now=NU)


def test_another_teams_things_look_as_if_they_do_not_exist(wereld: Wereld) -> None:
    schrijf_sjabloon("vreemde1", "werk-en-inkomen", tekst="((hulp)) ((dag)) ((tijd)) ((link)) geheim")
    client = ingelogd("coordinator1")
    seen = []
    for name, url, who, of_team in addresses(wereld, wereld.ander):
        if of_team and "coordinator1" in who:
            for method in ("get", "post"):
                status = getattr(client, method)(url).status_code
                # A page that only takes a POST says so to everyone, before it looks anything up.
                if status not in {404, 405}:
                    seen.append(f"{method} {name}: {status}")
            assert client.post(url).status_code in {404, 405}
    assert seen == []
    for path in ("sjablonen/?plek=werk-en-inkomen",):
        assert client.get(f"/beheer/{path}").status_code == 404


def test_lists_hold_nothing_of_another_team(wereld: Wereld) -> None:
    client = ingelogd("coordinator1")
    for page in ("werkvoorraad/", "bezorging/", "spelregels/", "timing/", "sjablonen/", ""):
        content = client.get(f"/beheer/{page}").content.decode()
        assert "werk-en-inkomen" not in content, page
        assert "vreemde1" not in content, page


def test_what_counts_for_all_is_written_by_who_belongs_to_all(wereld: Wereld) -> None:
    urls_for_all = [
        reverse("beheer:sjabloon_bewerken", args=["uitnodiging", "sms", "nl", "alle"]),
        reverse("beheer:spelregels_bewerken", args=["alle"]),
    ]
    one_team = ingelogd("coordinator1")
    assert [one_team.get(url).status_code for url in urls_for_all] == [404, 404]
    assert one_team.get(reverse("beheer:sjabloon", args=["uitnodiging", "sms", "nl", "alle"])).status_code == 200
    maak_gebruiker("hoofd", rol=Rol.COORDINATOR, teams=("wmo", "werk-en-inkomen"))
    assert [ingelogd("hoofd").get(url).status_code for url in urls_for_all] == [200, 200]


def test_no_post_without_its_token(wereld: Wereld) -> None:
    passed = []
    for account in ("coordinator1", "beheerder"):
        client = ingelogd(account, csrf=True)
        for name, url, who, _ in addresses(wereld, wereld.eigen):
            status = client.post(url).status_code if account in who else 403
            if status not in {403, 405}:
                passed.append(f"{account} {name}: {status}")
    assert passed == []


@pytest.mark.parametrize(
    "path",
    [
        "sjablonen/bestaat-niet/sms/nl/wmo/",
        "sjablonen/uitnodiging/fax/nl/wmo/",
        "sjablonen/uitnodiging/sms/fr/wmo/",
        "sjablonen/uitnodiging/sms/nl/bestaat-niet/",
        "sjablonen/regels/email/nl/wmo/",
        "sjablonen/uitnodiging/sms/nl/wmo/versies?van=99&naar=1",
        "spelregels/versie/99999",
        "timing/bestaat-niet",
        "werkvoorraad/99999",
    ],
)
def test_what_does_not_exist_is_not_found(wereld: Wereld, path: str) -> None:
    assert ingelogd("coordinator1").get(f"/beheer/{path}").status_code == 404


def test_a_stranger_is_sent_to_the_login(wereld: Wereld) -> None:
    for name, url, _, _ in addresses(wereld, wereld.eigen):
        for response in (Client().get(url), Client().post(url)):
            assert response.status_code == 302, name
            assert response["Location"].startswith("/accounts/login/"), name
