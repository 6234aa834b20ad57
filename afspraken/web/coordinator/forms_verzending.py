"""Forms about sending: which numbers may get an SMS, and how much a team may send."""

from __future__ import annotations

import re

from django import forms

from afspraken.flow import beheer
from afspraken.web.coordinator.basis import Beheerformulier

# With or without points, as people write large numbers. A point is never a decimal one: 2.000 is not 2.
_GETAL = re.compile(r"[0-9]{1,9}|[0-9]{1,3}([. ][0-9]{3}){1,2}")


class Grensveld(forms.CharField):
    """A whole number, or nothing."""

    def __init__(self, label: str) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "getal"})
        super().__init__(label=label, required=False, max_length=20, widget=widget)

    def grens(self, tekst: str) -> int | None:
        """What was typed, as a number; None for nothing. Raises ValidationError."""
        tekst = " ".join(tekst.split())
        if not tekst:
            return None
        if not _GETAL.fullmatch(tekst):
            raise forms.ValidationError("Vul een heel getal in, zoals 2000. Of 0: geen grens.")
        grens = int(re.sub(r"[. ]", "", tekst))
        if grens > beheer.BUDGET_MAX:
            raise forms.ValidationError(beheer.BUDGET_TE_HOOG)
        return grens


class BudgetForm(Beheerformulier):
    """How much may be sent in an hour, a day and a month."""

    uur = Grensveld("Per uur (niet verplicht)")
    dag = Grensveld("Per dag (niet verplicht)")
    maand = Grensveld("Per maand (niet verplicht)")

    def clean_uur(self) -> int | None:
        """A whole number."""
        return self._grens("uur")

    def clean_dag(self) -> int | None:
        """A whole number."""
        return self._grens("dag")

    def clean_maand(self) -> int | None:
        """A whole number."""
        return self._grens("maand")

    def budget(self) -> beheer.Budget:
        """What was typed, as the flow takes it."""
        return beheer.Budget(**self.cleaned_data)

    def _grens(self, naam: str) -> int | None:
        veld = self.fields[naam]
        assert isinstance(veld, Grensveld)
        return veld.grens(str(self.cleaned_data[naam]))


class NummersForm(Beheerformulier):
    """The start of numbers that may get an SMS, and why."""

    begin = forms.CharField(
        label="Begin van de nummers",
        max_length=30,
        help_text="Het landnummer en de eerste cijfers van mobiele nummers. Voor België is dat +32 4.",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "class": "getal"}),
        error_messages={"required": "Vul het begin van een nummer in, zoals +32 4."},
    )
    reden = forms.CharField(
        label="Waarom",
        max_length=beheer.REDEN_MAX,
        help_text="Uw collega's lezen dit. Noem geen namen en geen hele nummers.",
        error_messages={"required": "Schrijf kort waarom, zoals: cliënten die over de grens wonen."},
    )
