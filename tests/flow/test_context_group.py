"""What stands in a group of messages is read for all of them at once, and says the same as one by one."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from afspraken.domain.lifecycle import Status
from afspraken.domain.voornemen import Antwoord, Kanaal
from afspraken.flow import berichten
from afspraken.models import Afspraak, TeamInstellingen, Voornemen
from notifications import api as post
from tests.builders import NU, maak_afspraak, maak_team

pytestmark = pytest.mark.django_db

KINDS = ("uitnodiging", "herinnering", "verplaatst", "onduidelijk", "regels", "ontvangstbevestiging", "onbekend")


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NU, tick=False):
        yield


def _mixed() -> list[Afspraak]:
    """Two on one phone, one without a phone, another team that names its medewerker, one in English."""
    team = maak_team("schuld")
    TeamInstellingen.objects.update_or_create(team=team, defaults={"medewerker_in_bericht": True})
    return [
        maak_afspraak(),
        maak_afspraak(client_naam="C. de Wit"),
        maak_afspraak(client_mobiel="", client_naam="D. Mulder"),
        maak_afspraak(team="schuld", client_mobiel="+31687654321", client_taal="en"),
    ]


def _asked(afspraken: list[Afspraak], *, kinds: tuple[str, ...] = KINDS) -> list[post.Asked]:
    return [
        post.Asked(subject=a.onderwerp_sleutel, kind=kind, generation=a.generatie) for a in afspraken for kind in kinds
    ]


def test_the_group_says_what_each_alone_would_say() -> None:
    asked = [
        *_asked(_mixed()),
        post.Asked(subject="afspraak/999999", kind="uitnodiging", generation=1),
        post.Asked(subject="iets-anders", kind="uitnodiging", generation=1),
        post.Asked(subject="gesprek/999999", kind="regels", generation=1),
    ]
    together = berichten.contexts(asked)
    alone = [berichten.context(each.subject, each.kind, each.generation) for each in asked]
    assert together == alone
    assert sum(each is not None for each in together) > 10
    assert together[-3:] == [None, None, None]


def test_a_phone_with_two_appointments_gets_codes_and_another_does_not() -> None:
    first, second, _, other = _mixed()
    values = [
        each.values["ja"] for each in berichten.contexts(_asked([first, second, other], kinds=("regels",))) if each
    ]
    assert values == [f"JA {first.korte_code}", f"JA {second.korte_code}", "YES"]


@pytest.mark.parametrize("kind", ["uitnodiging", "verplaatst", "geannuleerd", "ontvangstbevestiging", "hulp"])
def test_as_many_queries_for_thirty_as_for_two(kind: str, django_assert_max_num_queries: Any) -> None:
    """Of every part of a message: with a file, an answer, the old time and the name of the medewerker."""
    team = maak_team("schuld")
    TeamInstellingen.objects.update_or_create(team=team, defaults={"medewerker_in_bericht": True})
    afspraken = [
        maak_afspraak(client_mobiel=f"+316{number:08d}", client_naam=f"N. {number}", team="schuld")
        for number in range(30)
    ]
    if kind == "geannuleerd":
        Afspraak.objects.update(status=Status.GEANNULEERD.value)
    if kind == "verplaatst":
        Afspraak.objects.update(vorige_start_op=NU)
    if kind == "ontvangstbevestiging":
        for afspraak in afspraken:
            Voornemen.objects.create(
                afspraak=afspraak,
                volgnummer=afspraak.generatie,
                antwoord=Antwoord.JA.value,
                soorten=["geluid"],
                kanaal=Kanaal.SMS.value,
                gegeven_voor_op=NU,
                ontvangen_op=NU,
            )
    with django_assert_max_num_queries(10) as few:
        berichten.contexts(_asked(afspraken[:2], kinds=(kind,)))
    with django_assert_max_num_queries(10) as many:
        found = berichten.contexts(_asked(afspraken, kinds=(kind,)))
    assert len(few) == len(many)
    assert all(found)


def test_no_file_is_made_for_a_message_that_can_carry_none() -> None:
    afspraak = maak_afspraak()
    asked: dict[str, Any] = {
        "subject": afspraak.onderwerp_sleutel,
        "kind": "uitnodiging",
        "generation": afspraak.generatie,
    }
    with_file, without = berichten.contexts([post.Asked(**asked), post.Asked(**asked, files=False)])
    assert with_file is not None
    assert without is not None
    assert (len(with_file.attachments), without.attachments) == (1, ())
    assert Antwoord.JA.value not in without.values["antwoord"]
