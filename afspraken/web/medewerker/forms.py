"""The forms of the medewerker."""

from __future__ import annotations

from functools import partial
from secrets import token_hex
from typing import Any

from django import forms

from afspraken.domain.formulier import VOORWAARDEN_MAX, Inhoud, Toestemming
from afspraken.domain.gegevens import (
    AMSTERDAM,
    TALEN,
    Afspraakgegevens,
    Clientgegevens,
    contains_bsn,
)
from afspraken.domain.tekst import one_line
from afspraken.domain.voornemen import (
    DOEL_WOORD,
    SOORT_WOORD,
    TOELICHTING_MAX,
    Antwoord,
    Antwoordgegevens,
    Doel,
    Soort,
)
from afspraken.flow import plan
from afspraken.models import Afspraak, Medewerker, Team, Vorm
from afspraken.web.medewerker.fields import NIET_VERPLICHT, TijdForm, WerkForm, date_field, time_field
from notifications import api as post

ONDERWERP = "gesprek met de gemeente"


class AntwoordForm(WerkForm):
    """What the client says at the table or on the phone."""

    antwoord = forms.ChoiceField(
        label="Wat zegt de cliënt?",
        widget=forms.RadioSelect,
        choices=[
            (Antwoord.JA.value, "Wil opnemen"),
            (Antwoord.NEE.value, "Neemt niet op"),
            (Antwoord.WEET_NIET.value, "Weet het nog niet"),
        ],
        error_messages={"required": "Kies wat de cliënt zegt.", "invalid_choice": "Kies wat de cliënt zegt."},
    )
    soorten = forms.MultipleChoiceField(
        label=f"Wat neemt de cliënt op? {NIET_VERPLICHT}",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[(soort.value, SOORT_WOORD[soort]) for soort in Soort],
    )
    doel = forms.ChoiceField(
        label=f"Waarvoor? {NIET_VERPLICHT}",
        help_text="De cliënt hoeft dit niet te zeggen.",
        required=False,
        choices=[("", "niet genoemd"), *((doel.value, DOEL_WOORD[doel]) for doel in Doel)],
    )
    toelichting = forms.CharField(
        label=f"In de woorden van de cliënt {NIET_VERPLICHT}",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    @classmethod
    def start(cls, inhoud: Inhoud) -> dict[str, object]:
        """The values on a form, to begin from."""
        opname = inhoud.opname
        return {
            "antwoord": opname.antwoord.value if opname.antwoord else None,
            "soorten": [soort.value for soort in opname.soorten],
            "doel": opname.doel.value if opname.doel else "",
            "toelichting": opname.toelichting,
        }

    def clean_toelichting(self) -> str:
        """One line, not too long, without a BSN."""
        tekst = one_line(str(self.cleaned_data["toelichting"]))
        if len(tekst) > TOELICHTING_MAX:
            raise forms.ValidationError(
                f"De tekst is {len(tekst)} tekens. Maak hem korter: maximaal {TOELICHTING_MAX} tekens."
            )
        if contains_bsn(tekst):
            raise forms.ValidationError("Dit lijkt op een burgerservicenummer. Dat bewaren we niet. Haal het weg.")
        return tekst

    def gegevens(self) -> Antwoordgegevens:
        """The answer, after ``is_valid()``."""
        data = self.cleaned_data
        return Antwoordgegevens(
            antwoord=Antwoord(data["antwoord"]),
            soorten=frozenset(Soort(soort) for soort in data["soorten"]),
            doel=Doel(data["doel"]) if data["doel"] else None,
            toelichting=data["toelichting"],
        )


class ToestemmingForm(WerkForm):
    """Rule 3: what the medewerker says about sharing the recording."""

    toestemming = forms.ChoiceField(
        label="Mag de cliënt de opname delen?",
        help_text="De cliënt wil de opname delen met anderen of openbaar maken. Volgens spelregel 3 mag dat alleen "
        "met uw toestemming.",
        widget=forms.RadioSelect,
        choices=[
            (Toestemming.JA.value, "Ja"),
            (Toestemming.NEE.value, "Nee"),
            (Toestemming.VOORWAARDEN.value, "Ja, onder voorwaarden"),
        ],
        error_messages={"required": "Kies een van de drie.", "invalid_choice": "Kies een van de drie."},
    )
    voorwaarden = forms.CharField(
        label="Uw voorwaarden (alleen bij ‘onder voorwaarden’)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Conditions when they are announced."""
        cleaned: dict[str, Any] = self.cleaned_data
        tekst = one_line(str(cleaned.get("voorwaarden", "")))
        if cleaned.get("toestemming") == Toestemming.VOORWAARDEN.value and not tekst:
            self.add_error("voorwaarden", "Vul in welke voorwaarden u stelt.")
        if len(tekst) > VOORWAARDEN_MAX:
            self.add_error(
                "voorwaarden",
                f"De tekst is {len(tekst)} tekens. Maak hem korter: maximaal {VOORWAARDEN_MAX} tekens.",
            )
        cleaned["voorwaarden"] = tekst
        return cleaned


class RedenForm(WerkForm):
    """Why there is a new version."""

    reden = forms.CharField(
        label="Waarom een nieuwe versie?",
        max_length=300,
        error_messages={
            "required": "Vul in waarom u een nieuwe versie maakt.",
            "max_length": "Maak de reden korter: maximaal 300 tekens.",
        },
    )


class ClientTekentForm(WerkForm):
    """The client's signature: a drawing, or the name with a tick. Both count the same."""

    naam = forms.CharField(
        label="Naam van wie tekent",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Vul de naam in van wie tekent.",
            "max_length": "Maak de naam korter: maximaal 150 tekens.",
        },
    )
    lijnen = forms.CharField(required=False, widget=forms.HiddenInput)
    bevestigd = forms.BooleanField(
        label="Dit is mijn handtekening",
        help_text="De naam hierboven geldt dan als handtekening.",
        required=False,
    )

    begin_opnieuw = False
    """A drawing that can't be read is not shown again: the box starts empty."""

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        cleaned: dict[str, Any] = self.cleaned_data
        if not cleaned.get("lijnen") and not cleaned.get("bevestigd"):
            self.add_error("bevestigd", "Teken in het vak, of zet een vinkje bij ‘Dit is mijn handtekening’.")
        return cleaned

    @property
    def lijnen_waarde(self) -> str:
        """What the drawing box starts with."""
        return "" if self.begin_opnieuw else str(self["lijnen"].value() or "")

    @property
    def wijze(self) -> str:
        """Who drew, signed by drawing."""
        return "tekenen" if self.cleaned_data["lijnen"] else "typen"


class TijdstipForm(TijdForm):
    """A new day and time."""

    datum = date_field()
    begin = time_field("Begin")
    einde = time_field("Einde")


class MedewerkerForm(WerkForm):
    """Who holds the conversation."""

    medewerker = forms.ModelChoiceField(
        label="Medewerker",
        queryset=Medewerker.objects.none(),
        required=False,
        empty_label="nog niet bekend",
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        veld = self.fields["medewerker"]
        assert isinstance(veld, forms.ModelChoiceField)
        veld.queryset = Medewerker.objects.filter(teams=team)


class ClientVelden(WerkForm):
    """Who comes, and where they can be reached."""

    team = forms.ModelChoiceField(
        label="Team",
        queryset=Team.objects.none(),
        empty_label=None,
        error_messages={"required": "Kies een team.", "invalid_choice": "Kies een van uw teams."},
    )
    client_naam = forms.CharField(
        label="Naam van de cliënt",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Vul de naam van de cliënt in.",
            "max_length": "Maak de naam korter: maximaal 150 tekens.",
        },
    )
    client_mobiel = forms.CharField(
        label=f"Mobiel nummer {NIET_VERPLICHT}",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    client_email = forms.CharField(
        label=f"E-mailadres {NIET_VERPLICHT}",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    client_taal = forms.ChoiceField(label="Taal van de berichten", choices=list(TALEN.items()), initial="nl")
    # Of the page as it was opened: a double click sends it twice.
    pagina = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput, initial=partial(token_hex, 8))

    mobiel = ""
    email = ""

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        veld = self.fields["team"]
        assert isinstance(veld, forms.ModelChoiceField)
        veld.queryset = Team.objects.filter(pk__in=[team.pk for team in teams])
        if len(teams) == 1:
            veld.initial = teams[0]
            veld.widget = forms.HiddenInput()

    def clean_client_mobiel(self) -> str:
        """Any spelling of a Dutch mobile number; kept as typed for the screen."""
        tekst = one_line(str(self.cleaned_data["client_mobiel"]))
        if tekst:
            try:
                self.mobiel = post.normalise_mobile(tekst)
            except post.AddressProblem as problem:
                raise forms.ValidationError(problem.message) from None
        return tekst

    def clean_client_email(self) -> str:
        """An e-mail address."""
        tekst = one_line(str(self.cleaned_data["client_email"]))
        if tekst:
            try:
                self.email = post.normalise_email(tekst)
            except post.AddressProblem as problem:
                raise forms.ValidationError(problem.message) from None
        return tekst

    def extern_id(self, user_id: int) -> str:
        """The number of the appointment: the same for the same page sent twice, another one for anything else."""
        if not self.cleaned_data["pagina"]:
            return plan.volgend_extern_id()
        sent = sorted((name, str(self[name].value())) for name in self.fields)
        return plan.extern_id_van(repr((user_id, sent)))

    def client(self) -> Clientgegevens:
        """The client, after ``is_valid()``."""
        data = self.cleaned_data
        return Clientgegevens(
            naam=one_line(data["client_naam"]),
            mobiel=self.mobiel,
            email=self.email,
            taal=data.get("client_taal") or "nl",
        )


VELDEN = {
    "client.naam": "client_naam",
    "client.mobiel": "client_mobiel",
    "client.email": "client_email",
    "client.taal": "client_taal",
    "start_op": "begin",
    "eind_op": "einde",
}
"""Where a refusal of the flow belongs on the page."""


class InloopForm(ClientVelden):
    """A walk-in: the name is enough."""

    field_order = ("client_naam", "team", "client_mobiel", "client_email", "client_taal")


class NieuweAfspraakForm(ClientVelden, TijdForm):
    """An appointment made by hand."""

    datum = date_field()
    begin = time_field("Begin")
    einde = time_field("Einde")
    medewerker = forms.ModelChoiceField(
        label="Medewerker", queryset=Medewerker.objects.none(), required=False, empty_label="nog niet bekend"
    )
    vorm = forms.ChoiceField(label="Hoe is het gesprek?", choices=Vorm.choices, initial=Vorm.BALIE.value)
    locatie_naam = forms.CharField(label=f"Locatie {NIET_VERPLICHT}", required=False, max_length=150)
    locatie_adres = forms.CharField(label=f"Adres {NIET_VERPLICHT}", required=False, max_length=200)
    locatie_ruimte = forms.CharField(label=f"Kamer {NIET_VERPLICHT}", required=False, max_length=50)

    field_order = (
        "team",
        "client_naam",
        "client_mobiel",
        "client_email",
        "client_taal",
        "datum",
        "begin",
        "einde",
        "medewerker",
        "vorm",
        "locatie_naam",
        "locatie_adres",
        "locatie_ruimte",
    )

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, teams=teams, **kwargs)
        veld = self.fields["medewerker"]
        assert isinstance(veld, forms.ModelChoiceField)
        veld.queryset = Medewerker.objects.filter(teams__in=teams).distinct()

    def gegevens(self, *, extern_id: str) -> Afspraakgegevens:
        """The appointment, after ``is_valid()``."""
        data = self.cleaned_data
        assert self.start_op is not None
        assert self.eind_op is not None
        return Afspraakgegevens(
            bron=plan.BRON_HAND,
            extern_id=extern_id,
            start_op=self.start_op,
            eind_op=self.eind_op,
            onderwerp=ONDERWERP,
            team=data["team"].code,
            client=self.client(),
            vorm=data["vorm"],
            locatie_naam=one_line(data["locatie_naam"]),
            locatie_adres=one_line(data["locatie_adres"]),
            locatie_ruimte=one_line(data["locatie_ruimte"]),
        )


def start_van(afspraak: Afspraak) -> dict[str, object]:
    """The present day and times of an appointment, as local clock time."""
    start, eind = afspraak.start_op.astimezone(AMSTERDAM), afspraak.eind_op.astimezone(AMSTERDAM)
    return {"datum": start.date(), "begin": start.time(), "einde": eind.time()}
