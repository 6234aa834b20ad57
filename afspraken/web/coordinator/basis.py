"""What the pages of /beheer/ share: forms that take over refusals, and the places a text can belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, QueryDict

from afspraken.flow.beheer import VOOR_ALLEN, BeheerGeweigerd
from afspraken.models import Gebruiker, Team
from afspraken.web.access import teams_of
from notifications import api as post

TALEN = {"nl": "Nederlands", "en": "Engels"}
KANALEN = {"sms": "sms", "email": "e-mail"}

INVULREGEL = "Vul alle velden in. Is een veld niet verplicht? Dan staat dat erbij."


class Beheerformulier(forms.Form):
    """A form whose errors come on submit only, and that can show why the flow said no."""

    use_required_attribute = False
    conflict = False
    """Whether a colleague changed the same thing meanwhile."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def neem_over(self, geweigerd: BeheerGeweigerd) -> None:
        """Show the reasons of a refusal at their fields; what belongs to no field stands on top."""
        self.conflict = any(fout.code == "intussen_veranderd" for fout in geweigerd.fouten)
        for fout in geweigerd.fouten:
            self.add_error(fout.veld if fout.veld in self.fields else None, fout.melding)

    def zet_gezien(self, kenmerk: str) -> None:
        """The page shows the newest text, so a second try is about that one."""
        self.data = {**self.data.dict(), "gezien": kenmerk} if isinstance(self.data, QueryDict) else self.data


def gepost(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when that is nothing at all; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


@dataclass(frozen=True, kw_only=True)
class Plek:
    """Where a text counts: one team, or every team."""

    code: str
    naam: str
    team: Team | None
    mag_schrijven: bool

    @property
    def scope(self) -> str:
        """The name the post room uses: empty for every team."""
        return self.team.code if self.team else ""


def plekken_van(user: Gebruiker) -> list[Plek]:
    """The places whose texts an account may read: its own teams, and what counts for all.

    What counts for all changes the messages of every team, so only who belongs to every team may write it.
    """
    teams = teams_of(user)
    every = Team.objects.filter(actief=True).count() == len(teams)
    own = [Plek(code=team.code, naam=team.naam, team=team, mag_schrijven=True) for team in teams]
    return [*own, Plek(code=VOOR_ALLEN, naam="alle teams", team=None, mag_schrijven=every)]


def plek_or_404(user: Gebruiker, code: str, *, schrijven: bool = False) -> Plek:
    """One place; another team's looks like one that does not exist."""
    for plek in plekken_van(user):
        if plek.code == code and (plek.mag_schrijven or not schrijven):
            return plek
    raise Http404("plek")


def kanaal_or_404(waarde: str) -> post.Channel:
    """The channel of an address."""
    try:
        return post.Channel(waarde)
    except ValueError:
        raise Http404("kanaal") from None
