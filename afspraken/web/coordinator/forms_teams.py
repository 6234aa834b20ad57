"""Forms about teams: timing, help, names."""

from __future__ import annotations

from django import forms

from afspraken.flow import beheer
from afspraken.web.coordinator.basis import Beheerformulier

_GETAL = {"required": "Vul een getal in.", "invalid": "Vul een heel getal in."}


class TimingForm(Beheerformulier):
    """When the messages of one team go out."""

    uitnodiging_werkdagen = forms.IntegerField(
        label="Uitnodiging: hoeveel werkdagen vooraf",
        help_text="Op zijn vroegst. Wordt de afspraak later gepland? Dan gaat de uitnodiging meteen weg.",
        error_messages=_GETAL,
    )
    herinnering_aan = forms.BooleanField(
        label="Een herinnering sturen aan wie nog niets liet weten",
        required=False,
        help_text="Ten hoogste een keer per afspraak.",
    )
    herinnering_werkdagen = forms.IntegerField(
        label="Herinnering: hoeveel werkdagen vooraf",
        help_text="0 is op de dag zelf.",
        error_messages=_GETAL,
    )
    herinnering_tijd = forms.TimeField(
        label="Herinnering: hoe laat",
        help_text="Tussen 8.00 en 21.00 uur. Bijvoorbeeld: 10.30.",
        # Typed and not picked: a browser in English would show "10:30 AM".
        input_formats=["%H.%M", "%H:%M", "%H"],
        widget=forms.TimeInput(format="%H.%M", attrs={"autocomplete": "off"}),
        error_messages={"required": "Vul een tijd in.", "invalid": "Vul een tijd in, zoals 10.30."},
    )
    medewerker_in_bericht = forms.BooleanField(
        label="De naam van de medewerker in berichten zetten",
        required=False,
        help_text="Staat dit uit, dan noemt geen enkel bericht een naam.",
    )

    def timing(self) -> beheer.Timing:
        """What was typed, as the flow takes it."""
        return beheer.Timing(**self.cleaned_data)


class HulpForm(Beheerformulier):
    """Where the clients of one team get help."""

    telefoon = forms.CharField(
        label="Telefoonnummer voor hulp",
        max_length=20,
        help_text="Dit nummer staat in elk bericht. Kies een nummer waar een mens opneemt.",
        widget=forms.TextInput(attrs={"type": "tel"}),
        error_messages={"required": "Vul een telefoonnummer in. Het staat in elk bericht."},
    )
    loket = forms.CharField(
        label="Loket voor hulp (niet verplicht)",
        required=False,
        max_length=200,
        help_text="Bijvoorbeeld: Stadhuis, Markt 1, maandag tot en met vrijdag van 9.00 tot 17.00 uur.",
    )
    clientondersteuning = forms.CharField(
        label="Gratis cliëntondersteuning (niet verplicht)",
        required=False,
        max_length=300,
        help_text="Een Wmo-team moet hierop wijzen (Wmo 2015, artikel 2.3.2). Deze zin komt in de e-mail. "
        "In een sms staat dan: Gratis clientondersteuning, met het telefoonnummer.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TeamForm(Beheerformulier):
    """A new team."""

    naam = forms.CharField(
        label="Naam",
        max_length=100,
        help_text="Cliënten lezen deze naam in berichten. Noem geen wet of uitkering.",
        error_messages={"required": "Vul een naam in."},
    )
    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="Planningssystemen en bestanden gebruiken deze code. U kunt hem later niet veranderen.",
        error_messages={"required": "Vul een code in, zoals: werk-en-inkomen."},
    )


class TeamWijzigForm(Beheerformulier):
    """An existing team."""

    naam = forms.CharField(
        label="Naam",
        max_length=100,
        help_text="Cliënten lezen deze naam in berichten. Noem geen wet of uitkering.",
        error_messages={"required": "Vul een naam in."},
    )
    actief = forms.BooleanField(
        label="Dit team is in gebruik",
        required=False,
        help_text="Een team dat niet in gebruik is, krijgt geen nieuwe afspraken. Niemand ziet het nog.",
    )
