"""What all forms of the medewerker share: Dutch messages, errors on submit only, local times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms

from afspraken.domain.gegevens import LocalTimeFout, local_to_utc
from afspraken.domain.voornemen import Veldfout

NIET_VERPLICHT = "(niet verplicht)"


class WerkForm(forms.Form):
    """A form in the house style. Which fields must be filled in stands in the label, not in an attribute."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.required and not isinstance(field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
                field.widget.attrs.setdefault("aria-required", "true")

    def add_fouten(self, fouten: Iterable[Veldfout], velden: Mapping[str, str]) -> None:
        """Put refusals of the flow at the fields they are about; what fits no field goes on top."""
        for fout in fouten:
            veld = velden.get(fout.veld, fout.veld)
            self.add_error(veld if veld in self.fields else None, fout.melding)


def date_field(label: str = "Datum") -> forms.DateField:
    """A day; also typed as 24-11-2026."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        error_messages={"required": "Vul de datum in.", "invalid": "Vul de datum in als dag-maand-jaar: 24-11-2026."},
    )


def time_field(label: str) -> forms.TimeField:
    """A clock time; also typed as 10.30."""
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        error_messages={"required": "Vul de tijd in.", "invalid": "Vul de tijd in als uur.minuten: 10.30."},
    )


def moment_of(form: forms.Form, veld: str, dag: date | None, klok: time | None) -> datetime | None:
    """The moment in UTC of a local day and time; a time that does not exist becomes an error at the field."""
    if dag is None or klok is None:
        return None
    try:
        moment, twice = local_to_utc(datetime.combine(dag, klok))
    except LocalTimeFout as fout:
        form.add_error(veld, fout.melding)
        return None
    if twice and isinstance(form, TijdForm):
        form.dubbele_tijd = True
    return moment


class TijdForm(WerkForm):
    """A form with a day, a begin and an end."""

    dubbele_tijd = False
    """The clock goes back that night and this time exists twice: the first one was taken."""

    start_op: datetime | None = None
    eind_op: datetime | None = None

    def clean(self) -> dict[str, Any]:
        """Turn day and times into moments."""
        cleaned: dict[str, Any] = self.cleaned_data
        dag = cleaned.get("datum")
        self.start_op = moment_of(self, "begin", dag, cleaned.get("begin"))
        self.eind_op = moment_of(self, "einde", dag, cleaned.get("einde"))
        if self.start_op is not None and self.eind_op is not None and self.eind_op <= self.start_op:
            self.add_error("einde", "Het einde ligt niet na het begin. Geef een later einde op.")
        return cleaned


DUBBELE_TIJD = "Deze tijd komt in die nacht twee keer voor. Wij nemen de eerste (zomertijd)."
