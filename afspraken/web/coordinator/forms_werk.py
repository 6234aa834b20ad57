"""Forms of the daily work."""

from __future__ import annotations

from django import forms

from afspraken.web.coordinator.basis import Beheerformulier


class WerkpuntForm(Beheerformulier):
    """What was done about an entry of the worklist."""

    notitie = forms.CharField(
        label="Wat u heeft gedaan",
        max_length=300,
        help_text="Kort, en zonder gegevens over gezondheid of inkomen. Bijvoorbeeld: gebeld, regels verteld.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Schrijf kort op wat u heeft gedaan, zoals: gebeld, regels verteld."},
    )
