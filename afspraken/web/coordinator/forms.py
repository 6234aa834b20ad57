"""Forms about texts: wording of messages and rules sheets."""

from __future__ import annotations

from typing import Any

from django import forms

from afspraken.flow import beheer
from afspraken.web.coordinator.basis import Beheerformulier


class SjabloonForm(Beheerformulier):
    """The wording of one message. What is wrong with it is judged by the post room."""

    onderwerp = forms.CharField(label="Onderwerp", max_length=200, error_messages={"required": "Vul een onderwerp in."})
    tekst = forms.CharField(
        label="Tekst",
        strip=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "true"}),
        error_messages={"required": "Vul een tekst in."},
    )
    gezien = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sms: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sms:
            self.fields["onderwerp"].required = False
            self.fields["onderwerp"].widget = forms.HiddenInput()
            self.fields["tekst"].widget.attrs["rows"] = 7

    def clean_tekst(self) -> str:
        """Line ends as one character: browsers send two, and an SMS pays for both."""
        return str(self.cleaned_data["tekst"]).replace("\r\n", "\n").strip()


class PubliceerForm(Beheerformulier):
    """Publishing: which text was on the screen."""

    gezien = forms.CharField(widget=forms.HiddenInput, error_messages={"required": "Bekijk het concept opnieuw."})


class BladForm(Beheerformulier):
    """A rules sheet: the official text to the letter, and the texts beside it."""

    tekst = forms.CharField(
        label="Officiële tekst",
        strip=False,
        max_length=40_000,
        help_text="Deze tekst komt letterlijk op de pagina van de cliënt en op het formulier. "
        "Begin elke regel met een nummer en een punt.",
        widget=forms.Textarea(attrs={"rows": 24}),
        error_messages={"required": "De tekst is leeg. Plak hier de spelregels."},
    )
    kort_nl = forms.CharField(
        label="In gewone taal",
        strip=False,
        max_length=2000,
        help_text="Korte zinnen op taalniveau B1. Wie REGELS sms't, krijgt deze tekst in ten hoogste 4 sms'jes.",
        widget=forms.Textarea(attrs={"rows": 9}),
        error_messages={"required": "Vul een korte tekst in. Die krijgt wie REGELS sms't."},
    )
    kort_en = forms.CharField(
        label="In gewone taal, Engels (niet verplicht)",
        required=False,
        strip=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 9, "lang": "en"}),
    )
    vertaling_en = forms.CharField(
        label="Vertaling in het Engels (niet verplicht)",
        required=False,
        strip=False,
        max_length=40_000,
        help_text="De Nederlandse tekst blijft de officiële. De pagina zegt erbij dat dit een vertaling is.",
        widget=forms.Textarea(attrs={"rows": 16, "lang": "en"}),
    )
    gezien = forms.CharField(required=False, widget=forms.HiddenInput)

    def blad(self) -> beheer.Bladtekst:
        """What was typed, as the flow takes it."""
        data = self.cleaned_data
        return beheer.Bladtekst(
            tekst=data["tekst"],
            kort={"nl": data["kort_nl"], "en": data["kort_en"]},
            vertaling={"en": data["vertaling_en"]},
        )
