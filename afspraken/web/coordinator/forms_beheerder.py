"""Forms of the beheerder: accounts, medewerkers, keys."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import Q

from afspraken.domain.gegevens import AMSTERDAM
from afspraken.flow import beheer
from afspraken.models import Gebruiker, Medewerker, Rol, Team
from afspraken.web.coordinator.basis import Beheerformulier

_ROLLEN = [
    (Rol.MEDEWERKER.value, "medewerker: daglijst en formulieren"),
    (Rol.COORDINATOR.value, "coördinator: ook teksten, spelregels, timing en bezorging"),
    (Rol.BEHEERDER.value, "beheerder: accounts, teams en sleutels"),
]


def _teams(label: str, help_text: str = "") -> forms.ModelMultipleChoiceField[Team]:
    """Teams by name."""
    unknown = "Dit team bestaat niet."
    return forms.ModelMultipleChoiceField(
        label=label,
        help_text=help_text,
        queryset=Team.objects.filter(actief=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": unknown, "invalid_pk_value": unknown},
    )


class _Accountkeuze(forms.ModelChoiceField[Gebruiker]):
    """Accounts by the name people know, with the login name behind it."""

    def label_from_instance(self, obj: Gebruiker) -> str:
        return f"{obj.weergavenaam} ({obj.username})"


class AccountForm(Beheerformulier):
    """An account of one person."""

    voornaam = forms.CharField(label="Voornaam (niet verplicht)", required=False, max_length=150)
    achternaam = forms.CharField(
        label="Achternaam",
        max_length=150,
        error_messages={"required": "Vul een achternaam in. Een account is van een persoon."},
    )
    email = forms.CharField(
        label="E-mailadres",
        max_length=254,
        help_text="Hier komt de link om een wachtwoord te kiezen.",
        widget=forms.EmailInput,
        error_messages={"required": "Vul een e-mailadres in, zoals naam@gemeente.nl."},
    )
    rol = forms.ChoiceField(
        label="Rol", choices=_ROLLEN, widget=forms.RadioSelect, error_messages={"required": "Kies een rol."}
    )
    teams = _teams("Teams", "Dit account ziet alleen de afspraken van deze teams.")

    def gegevens(self) -> beheer.Accountgegevens:
        """What was typed, as the flow takes it."""
        data = self.cleaned_data
        return beheer.Accountgegevens(
            voornaam=data["voornaam"],
            achternaam=data["achternaam"],
            email=data["email"],
            rol=data["rol"],
            teams=frozenset(team.pk for team in data["teams"]),
        )


class NieuwAccountForm(AccountForm):
    """A new account: its login name never changes."""

    username = forms.CharField(
        label="Gebruikersnaam",
        max_length=150,
        help_text="Hiermee logt de collega in. U kunt hem later niet veranderen.",
        error_messages={"required": "Vul een gebruikersnaam in."},
    )
    field_order = ("username", "voornaam", "achternaam", "email", "rol", "teams")


class MedewerkerForm(Beheerformulier):
    """Someone clients have appointments with."""

    naam = forms.CharField(
        label="Naam",
        max_length=100,
        help_text="Zoals het planningssysteem hem schrijft.",
        error_messages={"required": "Vul een naam in."},
    )
    teams = _teams("Teams (niet verplicht)")

    def __init__(self, *args: Any, medewerker: Medewerker | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Q(pk=medewerker.gebruiker_id) if medewerker and medewerker.gebruiker_id else Q(pk__in=[])
        accounts = Gebruiker.objects.filter(Q(is_active=True, medewerker=None) | mine)
        self.fields["gebruiker"] = _Accountkeuze(
            label="Account (niet verplicht)",
            queryset=accounts.order_by("last_name", "username"),
            required=False,
            empty_label="geen account",
            help_text="Met een account ziet deze medewerker zijn eigen daglijst.",
            error_messages={"invalid_choice": "Dit account bestaat niet, of het hoort al bij een ander."},
        )
        self.order_fields(("naam", "gebruiker", "teams"))


class AliasForm(Beheerformulier):
    """One more name or number by which a planning system knows a medewerker."""

    naam = forms.CharField(
        label="Andere naam (niet verplicht)", required=False, max_length=150, help_text="Bijvoorbeeld: Boer, B. de"
    )
    bron = forms.SlugField(
        label="Of: bron (niet verplicht)",
        required=False,
        max_length=40,
        help_text="De naam van het planningssysteem, zoals jcc.",
        error_messages={"invalid": "Gebruik letters, cijfers en streepjes."},
    )
    extern_id = forms.CharField(label="Met nummer in die bron (niet verplicht)", required=False, max_length=100)

    def sleutel(self) -> str:
        """The alias as planning looks it up; raises when nothing usable was typed."""
        data = self.cleaned_data
        number = data["extern_id"] if data["bron"] else ""
        return beheer.alias_sleutel(naam=data["naam"], bron=data["bron"], extern_id=number)


class SamenvoegForm(Beheerformulier):
    """Which medewerker stays when two turn out to be one."""

    def __init__(self, *args: Any, weg: Medewerker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["blijft"] = forms.ModelChoiceField(
            label="Deze medewerker is dezelfde persoon als",
            queryset=Medewerker.objects.exclude(pk=weg.pk).order_by("naam"),
            empty_label="kies een medewerker",
            error_messages={"required": "Kies een medewerker.", "invalid_choice": "Deze medewerker bestaat niet meer."},
        )


class SleutelForm(Beheerformulier):
    """A new key of a planning system."""

    naam = forms.CharField(
        label="Naam",
        max_length=100,
        help_text="Van het planningssysteem of de leverancier.",
        error_messages={"required": "Vul een naam in, bijvoorbeeld die van het planningssysteem."},
    )
    scopes = forms.MultipleChoiceField(
        label="Wat deze sleutel mag",
        choices=list(beheer.SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies wat deze sleutel mag.", "invalid_choice": "Dit recht bestaat niet."},
    )
    bereik = forms.ChoiceField(
        label="Voor welke teams",
        choices=[("teams", "alleen de teams die u aankruist"), ("alle", "alle teams, ook nieuwe")],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies voor welke teams de sleutel is."},
    )
    teams = _teams("Teams")
    verloopt = forms.DateField(
        label="Geldig tot en met (niet verplicht)",
        required=False,
        help_text="Leeg: tot u hem intrekt.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Vul een datum in, zoals 31-12-2027."},
    )

    def clean(self) -> dict[str, Any]:
        """No team ticked must never silently become every team."""
        data = super().clean() or self.cleaned_data
        if data.get("bereik") == "teams" and not data.get("teams"):
            self.add_error("teams", "Kruis een of meer teams aan, of kies alle teams.")
        if data.get("bereik") == "alle" and data.get("teams"):
            self.add_error("bereik", "U kruiste teams aan en koos ook alle teams. Kies een van de twee.")
        return data

    def verloopt_op(self) -> datetime | None:
        """The end of the last day, in Amsterdam."""
        day = self.cleaned_data["verloopt"]
        return datetime.combine(day, time(23, 59, 59), tzinfo=AMSTERDAM) if day else None
