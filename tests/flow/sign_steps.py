"""Steps at the table: an appointment with an answer, and a form that is signed or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal, Soort
from afspraken.flow import answer, sign
from afspraken.flow.log import CLIENT, Actor
from afspraken.models import Afspraak, Formulier, Gebruiker
from tests.builders import NU, maak_afspraak

JA = Antwoordgegevens(antwoord=Antwoord.JA, soorten=frozenset({Soort.GELUID}), doel=Doel.NALUISTEREN)
NEE = Antwoordgegevens(antwoord=Antwoord.NEE)
DELEN = Antwoordgegevens(antwoord=Antwoord.JA, doel=Doel.DELEN)
KRUISJE = [[[10, 10], [60, 60]], [[60, 10], [10, 60]]]


def actor_for(gebruiker: Gebruiker) -> Actor:
    return Actor(soort="gebruiker", id=gebruiker.username, gebruiker_id=gebruiker.pk)


def told(gegevens: Antwoordgegevens = JA, *, now: datetime = NU, **values: Any) -> Afspraak:
    """An appointment whose client let us know."""
    afspraak = maak_afspraak(now=now, **values)
    say(afspraak, gegevens, now=now)
    return afspraak


def say(afspraak: Afspraak, gegevens: Antwoordgegevens, *, now: datetime = NU, kanaal: Kanaal = Kanaal.WEB) -> int:
    return answer.record_antwoord(
        afspraak_id=afspraak.pk, gegevens=gegevens, kanaal=kanaal, taal="nl", actor=CLIENT, now=now
    )


def opened(afspraak: Afspraak, *, now: datetime = NU) -> Formulier:
    pk = sign.open_formulier(afspraak_id=afspraak.pk, actor=CLIENT, now=now)
    return Formulier.objects.get(pk=pk)


def client_signs(formulier: Formulier, *, now: datetime = NU, **values: Any) -> None:
    defaults: dict[str, Any] = {
        "formulier_id": formulier.pk,
        "wijze": "typen",
        "naam": "A. Jansen",
        "lijnen": (),
        "inhoud_hash": formulier.inhoud_hash,
        "thuis": False,
        "actor": CLIENT,
        "now": now,
    }
    sign.sign_client(**(defaults | values))


def medewerker_signs(formulier: Formulier, gebruiker: Gebruiker, *, now: datetime = NU, **values: Any) -> None:
    defaults: dict[str, Any] = {
        "formulier_id": formulier.pk,
        "wijze": "typen",
        "naam": "B. de Boer",
        "lijnen": (),
        "inhoud_hash": formulier.inhoud_hash,
        "gebruiker_id": gebruiker.pk,
        "actor": actor_for(gebruiker),
        "now": now,
    }
    sign.sign_medewerker(**(defaults | values))


def both_sign(afspraak: Afspraak, gebruiker: Gebruiker, *, now: datetime = NU) -> Formulier:
    formulier = opened(afspraak, now=now)
    client_signs(formulier, now=now)
    medewerker_signs(formulier, gebruiker, now=now + timedelta(minutes=2))
    formulier.refresh_from_db()
    return formulier


def refusal(call: Callable[..., Any], *args: Any, **values: Any) -> str:
    """The reason a call is refused with; its message ends as a sentence does."""
    with pytest.raises(sign.TekenenNietMogelijk) as caught:
        call(*args, **values)
    assert caught.value.melding.strip().endswith((".", "?"))
    return caught.value.reden
