"""The questions on the client's page, one form each, in the language of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from afspraken.domain import lijnen as tekening
from afspraken.domain.gegevens import contains_bsn
from afspraken.domain.tekst import one_line
from afspraken.domain.voornemen import TOELICHTING_MAX, Antwoord, Doel, Soort
from afspraken.web.client.tekst import tekst

_ANTWOORDEN = (Antwoord.JA, Antwoord.NEE, Antwoord.WEET_NIET)


@dataclass(frozen=True, kw_only=True)
class Keuze:
    """One radio button or checkbox, as the template writes it."""

    id: str
    waarde: str
    label: str
    uitleg: str
    gekozen: bool


class Vraag(forms.Form):
    """A form that knows its language. Errors come on submit only, so no ``required`` attributes."""

    use_required_attribute = False
    veld = ""
    """The name of the field, for a form that is one question."""

    def __init__(self, *args: Any, taal: str, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.taal = taal
        self.zet_teksten()

    def zet_teksten(self) -> None:
        """Fill in labels, choices and messages of the language."""
        raise NotImplementedError

    def fouten(self) -> list[tuple[str, str]]:
        """The id to jump to and the words, for the summary on top of the page."""
        found = []
        for naam, meldingen in self.errors.items():
            bound = self[naam] if naam in self.fields else None
            # A group has no control of its own: the link goes to its first choice.
            doel = "" if bound is None else f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id
            found += [(doel, str(melding)) for melding in meldingen]
        return found

    def uitleg(self) -> dict[str, str]:
        """A line under a choice, by value, for the choices that need one."""
        return {}

    def keuzes(self) -> list[Keuze]:
        """The choices of a question with radio buttons or checkboxes."""
        uitleg = self.uitleg()
        return [
            Keuze(
                id=str(option.data["attrs"]["id"]),
                waarde=str(option.data["value"]),
                label=str(option.choice_label),
                uitleg=uitleg.get(str(option.data["value"]), ""),
                gekozen=bool(option.data["selected"]),
            )
            for option in self[self.veld].subwidgets
        ]


class OpnemenForm(Vraag):
    """Will the client record the conversation?"""

    veld = "antwoord"
    antwoord = forms.ChoiceField(widget=forms.RadioSelect)

    def zet_teksten(self) -> None:
        veld = self.fields["antwoord"]
        assert isinstance(veld, forms.ChoiceField)
        veld.choices = [(keuze.value, tekst(f"keuze.{keuze.value}", self.taal)) for keuze in _ANTWOORDEN]
        veld.error_messages = dict.fromkeys(("required", "invalid_choice"), tekst("opnemen.fout", self.taal))


class SoortenForm(Vraag):
    """What will be recorded? May stay blank."""

    veld = "soorten"
    soorten = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)

    def zet_teksten(self) -> None:
        veld = self.fields["soorten"]
        assert isinstance(veld, forms.MultipleChoiceField)
        veld.choices = [(soort.value, tekst(f"soort.{soort.value}", self.taal)) for soort in Soort]
        veld.error_messages = dict.fromkeys(("invalid_choice", "invalid_list"), tekst("soorten.fout", self.taal))


class DoelForm(Vraag):
    """What is the recording for? May stay blank."""

    veld = "doel"
    doel = forms.ChoiceField(widget=forms.RadioSelect, required=False)

    def zet_teksten(self) -> None:
        veld = self.fields["doel"]
        assert isinstance(veld, forms.ChoiceField)
        veld.choices = [(doel.value, tekst(f"doel.{doel.value}", self.taal)) for doel in Doel]
        veld.error_messages = {"invalid_choice": tekst("doel.fout", self.taal)}

    def uitleg(self) -> dict[str, str]:
        """Who an expert is, and what rule 3 says."""
        return {
            Doel.DESKUNDIGE.value: tekst("doel.deskundige_uitleg", self.taal),
            Doel.DELEN.value: tekst("doel.delen_uitleg", self.taal),
        }


class ToelichtingForm(Vraag):
    """The purpose in the client's own words. May stay blank."""

    veld = "toelichting"
    toelichting = forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}), required=False)

    def zet_teksten(self) -> None:
        self.fields["toelichting"].label = tekst("toelichting.label", self.taal)

    def clean_toelichting(self) -> str:
        """One line of text, not too long, without a BSN."""
        text = one_line(str(self.cleaned_data["toelichting"]))
        if len(text) > TOELICHTING_MAX:
            raise forms.ValidationError(
                tekst("toelichting.te_lang", self.taal, aantal=len(text), maximum=TOELICHTING_MAX), code="te_lang"
            )
        if contains_bsn(text):
            raise forms.ValidationError(tekst("toelichting.bsn", self.taal), code="lijkt_op_bsn")
        return text


class TekenForm(Vraag):
    """Sign at home: a name, and under it a drawing or a tick. Both count the same."""

    NAAM_MAX = 150

    naam = forms.CharField(max_length=NAAM_MAX)
    # Filled by the script of the drawing box; stays empty without it.
    lijnen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=tekening.MAX_BYTES)
    mijn_handtekening = forms.BooleanField(required=False)

    streken: tuple[tekening.Streek, ...] = ()
    """The drawing, checked; empty when the typed name is the signature."""

    def zet_teksten(self) -> None:
        self.fields["naam"].error_messages = {
            "required": tekst("tekenen.naam_fout", self.taal),
            "max_length": tekst("tekenen.naam_te_lang", self.taal, maximum=self.NAAM_MAX),
        }
        self.fields["lijnen"].error_messages = {"max_length": tekst("tekenen.lijnen_fout", self.taal)}

    def clean(self) -> dict[str, Any]:
        """One of the two ways; a drawing that can't be read is only in the way when there is no tick."""
        cleaned: dict[str, Any] = self.cleaned_data
        getypt = bool(cleaned.get("mijn_handtekening"))
        try:
            self.streken = tekening.parse(cleaned.get("lijnen", ""))
        except tekening.LijnenFout as fout:
            if not getypt and "lijnen" not in self.errors:
                sleutel = "tekenen.geen_wijze" if fout.code == "leeg" else "tekenen.lijnen_fout"
                self.add_error("mijn_handtekening", tekst(sleutel, self.taal))
        return cleaned
